import { useState } from 'react';
import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { InventoryItem } from '../../../../server/src/modules/inventory/contract.ts';
import { api } from '../../api/client.ts';
import { formatNumber } from '../../lib/format.ts';
import { FormFrame, useSave } from '../../ui/form.tsx';
import { QuickLook } from '../../ui/quick-look.tsx';
import { Notice } from '../../ui/states.tsx';
import { Diff } from '../../ui/timeline.tsx';
import { toast } from '../../ui/toast.tsx';
import { keepItem } from './queries.ts';

type Values = { reorderPoint: string; location: string };
const toValues = (item: InventoryItem): Values => ({ reorderPoint: item.reorderPoint === null ? '' : String(item.reorderPoint), location: item.location });
const LOCATION = 100;
const isItem = (value: unknown): value is InventoryItem => typeof value === 'object' && value !== null && 'version' in value && 'location' in value;

/** A drawer for reorder point and place. */
export function EditItem({ item, opened, onClose }: { item: InventoryItem; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('inventory');
  return (
    <QuickLook opened={opened} onClose={onClose} title={t('edit.title', { name: item.name })}>
      {opened ? <ItemForm item={item} onDone={onClose} /> : null}
    </QuickLook>
  );
}

function ItemForm({ item, onDone }: { item: InventoryItem; onDone: () => void }) {
  const { t } = useTranslation('inventory');
  const [version, setVersion] = useState(item.version);
  const [theirs, setTheirs] = useState<InventoryItem | undefined>();
  const form = useForm<Values>({
    initialValues: toValues(item),
    validate: { reorderPoint: (point) => (point.trim() === '' || /^\d{1,9}([.,]\d{1,3})?$/.test(point.trim()) ? null : t('edit.number')) },
  });
  const saving = useSave(form, {
    save: ({ reorderPoint, location }) =>
      api.inventory.update({
        id: item.id,
        version,
        reorderPoint: reorderPoint.trim() === '' ? null : Number(reorderPoint.trim().replace(',', '.')),
        location: location.trim(),
      }),
    done: async (saved) => {
      await keepItem(saved);
      onDone();
      toast(t('edit.saved'));
    },
    handle: (problem) => {
      const current = problem.code === 'resource.stale' && isItem(problem.data['current']) ? problem.data['current'] : undefined;
      if (current === undefined) return false;
      setTheirs(current);
      setVersion(current.version);
      return true;
    },
  });
  const words = (values: Values): Values => ({
    reorderPoint: values.reorderPoint === '' ? '' : formatNumber(values.reorderPoint.replace(',', '.')),
    location: values.location,
  });
  const [stored, mine] = [theirs === undefined ? undefined : words(toValues(theirs)), words(form.values)];
  return (
    <FormFrame saving={saving} action={t(theirs === undefined ? 'edit.save' : 'edit.saveMine')} onCancel={onDone} cancel={t('edit.cancel')}>
      {theirs === undefined || stored === undefined ? null : (
        <>
          <Notice
            state="attention"
            live
            title={t('edit.staleTitle')}
            action={
              <Button
                size="xs"
                onClick={() => {
                  form.setValues(toValues(theirs));
                  setTheirs(undefined);
                }}
              >
                {t('edit.takeTheirs')}
              </Button>
            }
          >
            {t('edit.staleBody')}
          </Notice>
          <Diff
            label={t('edit.staleTitle')}
            before={t('edit.theirs')}
            after={t('edit.mine')}
            rows={(['reorderPoint', 'location'] as const).map((field) => ({
              id: field,
              field: t(`field.${field}`),
              before: stored[field] || undefined,
              after: mine[field] || undefined,
              same: stored[field] === mine[field],
            }))}
          />
        </>
      )}
      <TextInput
        {...form.getInputProps('reorderPoint')}
        label={t('field.reorderPoint')}
        description={t('edit.reorderHelp')}
        inputMode="decimal"
        autoComplete="off"
        data-autofocus
      />
      <TextInput {...form.getInputProps('location')} label={t('field.location')} description={t('edit.locationHelp')} maxLength={LOCATION} autoComplete="off" />
    </FormFrame>
  );
}

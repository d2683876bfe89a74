import { useState } from 'react';
import { SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { InventoryItem } from '../../../../server/src/modules/inventory/contract.ts';
import { api } from '../../api/client.ts';
import { undoChange } from '../../api/undo.ts';
import { formatNumber } from '../../lib/format.ts';
import { FormFrame, useSave } from '../../ui/form.tsx';
import { Glyph } from '../../ui/glyph.tsx';
import { Facts } from '../../ui/panel.tsx';
import { QuickLook } from '../../ui/quick-look.tsx';
import { toast, toastProblem } from '../../ui/toast.tsx';
import { keepItem, lastChangeOf } from './queries.ts';

type Way = 'count' | 'add' | 'take';
type Values = { pieces: string; cause: 'receipt' | 'adjustment'; note: string };

const NOTE = 500;
const parse = (text: string): number => Number(text.trim().replace(',', '.'));
const isPieces = (text: string): boolean => /^\d{1,9}([.,]\d{1,3})?$/.test(text.trim());

/** What an item would have on hand afterwards; `undefined` while no number is typed. */
function after(item: Pick<InventoryItem, 'onHand'>, way: Way, pieces: string): number | undefined {
  if (!isPieces(pieces)) return undefined;
  const number = parse(pieces);
  return way === 'count' ? number : Math.round((item.onHand + (way === 'add' ? number : -number)) * 1000) / 1000;
}

/** A drawer that counts, adds or takes pieces of one item. */
export function AdjustStock({ item, opened, onClose }: { item: InventoryItem; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('inventory');
  return (
    <QuickLook opened={opened} onClose={onClose} title={t('adjust.title', { name: item.name })}>
      {opened ? <AdjustForm item={item} onDone={onClose} /> : null}
    </QuickLook>
  );
}

function AdjustForm({ item, onDone }: { item: InventoryItem; onDone: () => void }) {
  const { t } = useTranslation('inventory');
  const [way, setWay] = useState<Way>('count');
  const form = useForm<Values>({
    initialValues: { pieces: '', cause: 'receipt', note: '' },
    validate: {
      pieces: (pieces) => {
        if (!isPieces(pieces)) return t('adjust.number');
        if (way !== 'count' && parse(pieces) === 0) return t('adjust.zero');
        return (after(item, way, pieces) ?? 0) < 0 ? t('adjust.belowZero', { number: formatNumber(item.onHand) }) : null;
      },
    },
  });
  const saving = useSave(form, {
    save: ({ pieces, cause, note }) => {
      const number = parse(pieces);
      const change =
        way === 'count'
          ? { quantity: number, cause: 'count' as const }
          : way === 'add'
            ? { delta: number, cause }
            : { delta: -number, cause: 'adjustment' as const };
      return api.inventory.adjust({ id: item.id, note: note.trim(), ...change });
    },
    done: async (saved) => {
      const change = saved.onHand === item.onHand ? null : await lastChangeOf(item.id).catch(() => null);
      await keepItem(saved);
      onDone();
      toast(
        t(saved.onHand === item.onHand ? 'adjust.confirmed' : 'adjust.done', { name: saved.name, number: formatNumber(saved.onHand) }),
        change === null ? {} : { undo: () => undoChange(change).catch(toastProblem) },
      );
    },
    fieldOf: (field) => (field === 'delta' || field === 'quantity' ? 'pieces' : field),
    handle: (problem) => problem.code === 'stock.below_zero' && (form.setFieldError('pieces', problem.message), true),
  });
  const then = after(item, way, form.values.pieces);
  const left = then === undefined ? undefined : then - item.reserved;
  return (
    <FormFrame saving={saving} action={t(`adjust.${way}Action`)} onCancel={onDone} cancel={t('adjust.cancel')}>
      <SegmentedControl
        aria-label={t('adjust.way')}
        fullWidth
        data={(['count', 'add', 'take'] as const).map((value) => ({ value, label: t(`adjust.${value}`) }))}
        value={way}
        onChange={(value) => setWay(value === 'add' || value === 'take' ? value : 'count')}
      />
      <TextInput {...form.getInputProps('pieces')} label={t(`adjust.${way}Label`)} inputMode="decimal" autoComplete="off" data-autofocus />
      {way === 'add' ? (
        <Select
          {...form.getInputProps('cause')}
          label={t('adjust.cause')}
          data={(['receipt', 'adjustment'] as const).map((value) => ({ value, label: t(`cause.${value}`) }))}
          allowDeselect={false}
          checkIconPosition="right"
        />
      ) : null}
      <Textarea {...form.getInputProps('note')} label={t('adjust.note')} description={t('adjust.noteHelp')} maxLength={NOTE} autosize minRows={2} maxRows={6} />
      <Facts
        numbers
        groups={[
          [
            { label: t('adjust.now'), value: formatNumber(item.onHand) },
            { label: t('adjust.then'), value: then === undefined ? '–' : <strong>{formatNumber(then)}</strong> },
            { label: t('adjust.promised'), value: formatNumber(item.reserved === 0 ? 0 : -item.reserved) },
            {
              label: t('adjust.left'),
              value:
                left === undefined ? (
                  '–'
                ) : (
                  <>
                    {left < 0 ? <Glyph state="bad" label={t('state.short')} /> : null} {formatNumber(left)}
                  </>
                ),
            },
          ],
        ]}
      />
    </FormFrame>
  );
}

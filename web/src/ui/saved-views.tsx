import { useState } from 'react';
import { ActionIcon, Checkbox, Menu, Popover, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { confirm } from './confirm.tsx';
import css from './saved-views.module.css';
import { FormFrame, useSave } from './form.tsx';
import { MoreMenu } from './list-tools.tsx';
import { Views } from './page.tsx';
import { toastProblem } from './toast.tsx';

export interface SavedView {
  id: string;
  name: string;
  to: string;
  shared: boolean;
  /** Made by whoever looks; only those are changed or removed here. */
  own: boolean;
  count?: string;
  active: boolean;
  /** The list shows something else than the view keeps. */
  changed: boolean;
}

export interface ViewDeeds {
  create: (input: { name: string; shared: boolean }) => Promise<unknown>;
  /** Puts the present filters in the view's place. */
  keepPresent: (id: string) => Promise<unknown>;
  change: (id: string, patch: { name?: string; shared?: boolean }) => Promise<unknown>;
  remove: (id: string) => Promise<unknown>;
}

/** Views row of a list: everything, the saved ones, and `+` which keeps the present filters as a view. */
export function SavedViews({ all, views, deeds }: { all: { to: string; count?: string; active: boolean }; views: readonly SavedView[]; deeds: ViewDeeds }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'new' | 'rename' | undefined>();
  const active = views.find((view) => view.active);
  const act = (deed: Promise<unknown>): void => void deed.catch(toastProblem);
  const remove = async (view: SavedView): Promise<void> => {
    const body = t(view.shared ? 'views.removeShared' : 'views.removeBody');
    if (await confirm({ title: t('views.removeTitle', { name: view.name }), body, action: t('views.remove'), danger: true })) act(deeds.remove(view.id));
  };
  return (
    <Views
      views={[
        { to: all.to, label: t('views.all'), count: all.count, active: all.active },
        ...views.map((view) => ({
          to: view.to,
          label: view.active && view.changed ? t('views.changed', { name: view.name }) : view.name,
          count: view.count,
          active: view.active,
        })),
      ]}
    >
      <Popover
        opened={open !== undefined}
        onChange={(next) => !next && setOpen(undefined)}
        position="bottom-start"
        shadow="md"
        radius="lg"
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <span className={css.tools}>
            {active === undefined || !active.own ? null : (
              <MoreMenu label={t('views.options', { name: active.name })}>
                {active.changed ? <Menu.Item onClick={() => act(deeds.keepPresent(active.id))}>{t('views.keepPresent')}</Menu.Item> : null}
                <Menu.Item onClick={() => setOpen('rename')}>{t('views.rename')}</Menu.Item>
                <Menu.Item onClick={() => act(deeds.change(active.id, { shared: !active.shared }))}>
                  {t(active.shared ? 'views.unshare' : 'views.share')}
                </Menu.Item>
                <Menu.Divider />
                <Menu.Item color="bad" onClick={() => void remove(active)}>
                  {t('views.removeAsk')}
                </Menu.Item>
              </MoreMenu>
            )}
            <ActionIcon aria-label={t('views.add')} title={t('views.add')} onClick={() => setOpen(open === undefined ? 'new' : undefined)}>
              <IconPlus size="1em" stroke={1.6} />
            </ActionIcon>
          </span>
        </Popover.Target>
        <Popover.Dropdown p={0}>
          {open === 'rename' && active !== undefined ? (
            <ViewForm name={active.name} action={t('views.rename')} save={({ name }) => deeds.change(active.id, { name })} onDone={() => setOpen(undefined)} />
          ) : (
            <ViewForm name="" shared={false} action={t('views.save')} save={deeds.create} onDone={() => setOpen(undefined)} />
          )}
        </Popover.Dropdown>
      </Popover>
    </Views>
  );
}

function ViewForm({
  name,
  shared,
  action,
  save,
  onDone,
}: {
  name: string;
  shared?: boolean;
  action: string;
  save: (values: { name: string; shared: boolean }) => Promise<unknown>;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name, shared: shared ?? false },
    validate: { name: (value) => (value.trim() === '' ? t('form.required') : null) },
  });
  const saving = useSave(form, {
    save,
    done: onDone,
    handle: (problem) => problem.code === 'view.name_taken' && (form.setFieldError('name', problem.message), true),
  });
  return (
    <div className={css.form}>
      <FormFrame saving={saving} action={action} onCancel={onDone} cancel={t('actions.cancel')}>
        <TextInput {...form.getInputProps('name')} key={form.key('name')} label={t('views.name')} maxLength={80} data-autofocus />
        {shared === undefined ? null : (
          <Checkbox {...form.getInputProps('shared', { type: 'checkbox' })} key={form.key('shared')} label={t('views.sharedLabel')} />
        )}
      </FormFrame>
    </div>
  );
}

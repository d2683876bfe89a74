import type { ReactNode } from 'react';
import { Button } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { confirm } from './confirm.tsx';
import css from './form.module.css';
import { Glyph } from './glyph.tsx';

/** Appears at the foot of the page while a form is dirty, names what changed, and asks before the page is left. */
export function SaveBar({
  fields,
  saving,
  onSave,
  onDiscard,
  saveLabel,
  problem,
  within,
}: {
  /** Labels of the changed fields; empty hides the bar. */
  fields: readonly string[];
  saving: boolean;
  onSave: () => void;
  onDiscard: () => void;
  saveLabel?: string;
  /** What stopped the last save, in a sentence. */
  problem?: ReactNode;
  /** Addresses that begin with it keep the form: its tabs. */
  within?: string;
}) {
  const { t } = useTranslation();
  const dirty = fields.length > 0;
  useBlocker({
    shouldBlockFn: async ({ current, next }) => {
      if (!dirty || saving || current.pathname === next.pathname || (within !== undefined && next.pathname.startsWith(within))) return false;
      return !(await confirm({
        title: t('changes.leaveTitle'),
        body: t('changes.leaveBody'),
        action: t('changes.leave'),
        keep: t('changes.stay'),
        danger: true,
      }));
    },
    enableBeforeUnload: dirty,
  });
  if (!dirty) return null;
  return (
    <div className={css.saveBar} role="region" aria-label={t('changes.unsaved', { count: fields.length })}>
      <span className={css.saveText}>
        <Glyph state="attention" /> <strong>{t('changes.unsaved', { count: fields.length })}</strong> <span>{problem ?? fields.join(', ')}</span>
      </span>
      <Button onClick={onDiscard} disabled={saving}>
        {t('actions.discard')}
      </Button>
      <Button variant="filled" onClick={onSave} loading={saving}>
        {saveLabel ?? t('actions.save')}
      </Button>
    </div>
  );
}

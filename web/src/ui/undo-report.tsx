import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../lib/format.ts';
import { Panel, PanelRow } from './panel.tsx';
import { Notice } from './states.tsx';

/** What an undo gave: `POST /changes/{id}/undo`. */
export interface UndoOutcome {
  restored: number;
  conflictCount: number;
  conflicts: readonly { entityKind: string; entityId: string; label: string; reason: string }[];
}

/** What an undo brought back, and what it left alone with the reason for each. */
export function UndoReport({ result, onClose }: { result: UndoOutcome; onClose?: ReactNode }) {
  const { t } = useTranslation();
  const some = result.restored > 0;
  return (
    <Panel title={t('undo.title')} action={onClose} flush>
      <Notice state={result.conflictCount === 0 ? 'good' : 'attention'} flush live>
        {some ? t('undo.restored', { count: result.restored, number: formatNumber(result.restored) }) : t('undo.nothing')}
        {result.conflictCount === 0 ? null : <> {t('undo.conflicts', { count: result.conflictCount, number: formatNumber(result.conflictCount) })}</>}
      </Notice>
      {result.conflicts.map((conflict) => (
        <PanelRow key={`${conflict.entityKind}${conflict.entityId}`} title={conflict.label} note={conflict.reason} />
      ))}
      {result.conflictCount > result.conflicts.length ? (
        <PanelRow title={t('undo.more', { number: formatNumber(result.conflictCount - result.conflicts.length) })} />
      ) : null}
    </Panel>
  );
}

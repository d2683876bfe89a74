import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../api/problem.ts';
import { Panel } from '../../ui/panel.tsx';
import { Notice } from '../../ui/states.tsx';
import { Diff } from '../../ui/timeline.tsx';

/** The version that is stored now, as a refused stale save brings it. */
export const presentOf = <T extends { version: number }>(problem: Problem): T | undefined => {
  const { current } = problem.data;
  return typeof current === 'object' && current !== null && 'version' in current && typeof current.version === 'number' ? (current as T) : undefined;
};

/** Somebody saved first: both versions of every field, and the way to take theirs. Saving again keeps one's own. */
export function StaleNotice({ rows, onTake }: { rows: readonly { id: string; label: string; theirs: string; mine: string }[]; onTake: () => void }) {
  const { t } = useTranslation('settings');
  const shown = rows.filter((row) => row.theirs !== row.mine);
  return (
    <Panel flush>
      <Notice
        state="attention"
        flush
        live
        title={t('stale.title')}
        action={
          <Button size="xs" onClick={onTake}>
            {t('stale.take')}
          </Button>
        }
      >
        {t('stale.body')}
      </Notice>
      <Diff
        label={t('stale.title')}
        before={t('stale.theirs')}
        after={t('stale.mine')}
        rows={shown.map((row) => ({ id: row.id, field: row.label, before: row.theirs || undefined, after: row.mine || undefined }))}
      />
    </Panel>
  );
}

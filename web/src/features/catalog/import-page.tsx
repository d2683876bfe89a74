import { useState } from 'react';
import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../../server/src/modules/sync/contract.ts';
import { useActor } from '../../api/actor.ts';
import { upload } from '../../api/client.ts';
import type { Problem } from '../../api/problem.ts';
import { toProblem } from '../../api/problem.ts';
import { keepRun } from '../../api/run.ts';
import { paths } from '../../lib/paths.ts';
import { isId, screenSearch, someText, useUrlState } from '../../lib/url-state.ts';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Link } from '../../ui/link.tsx';
import { Line, Page as Screen, PageBody, PageHead, Stack } from '../../ui/page.tsx';
import { Panel, PanelRow } from '../../ui/panel.tsx';
import { RunStatus } from '../../ui/run-progress.tsx';
import { Notice } from '../../ui/states.tsx';
import { When } from '../../ui/when.tsx';
import { ImportRun } from './import-run.tsx';
import { importsQuery } from './queries.ts';

const importSearch = screenSearch({ run: someText(36) });
const LIMIT_BYTES = 500_000_000;
const usual = ['EUR', 'RON', 'TRY', 'USD', 'GBP'];

/** A file in: chosen, sent, worked through, told. The run's address opens the same page again. */
export function Page() {
  const { t } = useTranslation('catalog');
  const [search, setSearch] = useUrlState(importSearch);
  const run = isId(search.run) ? search.run : undefined;
  return (
    <Screen title={t('import.title')}>
      <PageHead
        trail={[{ label: t('list.title'), to: paths.products() }]}
        title={t('import.title')}
        actions={run === undefined ? undefined : <Button onClick={() => setSearch({ run: undefined }, { push: true })}>{t('import.another')}</Button>}
      />
      <PageBody reading={run === undefined}>
        {run === undefined ? <ChooseFile onStarted={(id) => setSearch({ run: id }, { push: true })} /> : <ImportRun key={run} id={run} />}
      </PageBody>
    </Screen>
  );
}

function ChooseFile({ onStarted }: { onStarted: (runId: string) => void }) {
  const { t } = useTranslation('catalog');
  const { shop, companies } = useActor();
  const [file, setFile] = useState<File | undefined>();
  const [currency, setCurrency] = useState(shop.currency);
  const [sending, setSending] = useState<number | undefined>();
  const [problem, setProblem] = useState<Problem | undefined>();
  const send = async (chosen: File): Promise<void> => {
    setProblem(undefined);
    setSending(0);
    try {
      const answer = await upload(
        paths.uploadProducts({ filename: chosen.name.slice(0, 200), currency: currency === shop.currency ? undefined : currency }),
        new Blob([chosen], { type: 'text/csv' }),
        { onProgress: setSending },
      );
      const run = answer as Run;
      keepRun(run);
      onStarted(run.id);
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setSending(undefined);
    }
  };
  return (
    <Stack>
      <FileDrop
        label={t('import.file')}
        accept=".csv,.tsv,.txt"
        limitBytes={LIMIT_BYTES}
        file={file}
        onFile={(next) => {
          setFile(next);
          setProblem(undefined);
        }}
        sending={sending}
        help={t('import.help')}
      />
      {problem === undefined ? null : (
        <Notice state="bad" live title={t('import.notTaken')}>
          {problem.message}
        </Notice>
      )}
      <Line>
        <Select
          label={t('import.currency')}
          description={t('import.currencyHelp')}
          data={[...new Set([shop.currency, ...companies.map((company) => company.currency), ...usual])]}
          value={currency}
          onChange={(value) => setCurrency(value ?? shop.currency)}
          allowDeselect={false}
          searchable
          disabled={sending !== undefined}
        />
      </Line>
      <Line>
        <Button variant="filled" disabled={file === undefined} loading={sending !== undefined} onClick={() => file !== undefined && void send(file)}>
          {t('import.start')}
        </Button>
        <Button component="a" variant="subtle" href={paths.exportProducts({ for: 'import' })} download>
          {t('import.template')}
        </Button>
      </Line>
      <Earlier />
    </Stack>
  );
}

/** The last imports, to come back to. */
function Earlier() {
  const { t } = useTranslation('catalog');
  const runs = useQuery(importsQuery).data ?? [];
  if (runs.length === 0) return null;
  return (
    <Panel title={t('import.earlier')} flush>
      {runs.map((run) => (
        <PanelRow
          key={run.id}
          title={<Link to={paths.importRun(run.id)}>{run.title}</Link>}
          note={
            <>
              {run.actorName}, <When at={run.createdAt} />
            </>
          }
          end={<RunStatus run={run} />}
        />
      ))}
    </Panel>
  );
}

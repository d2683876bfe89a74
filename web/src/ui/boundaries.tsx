import { Button } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { toProblem } from '../api/problem.ts';
import { paths } from '../lib/paths.ts';
import { Link } from './link.tsx';
import { Page, PageBody } from './page.tsx';
import { EmptyState, Problem } from './states.tsx';

/* What stands in place of a screen that cannot be shown. The frame around it stays. */

/** It failed: what happened, what it means for the shop, the way out. Missing and forbidden things get their own words. */
export function Failed({ error, reset }: { error: unknown; reset?: () => void }) {
  const { t } = useTranslation();
  const router = useRouter();
  const queries = useQueryErrorResetBoundary();
  const problem = toProblem(error);
  if (problem.status === 404) return <Nowhere title={t('problem.notFound')} text={problem.message} />;
  if (problem.status === 403) return <Nowhere title={t('problem.forbidden')} text={problem.message} />;
  const retry = (): void => {
    queries.reset();
    reset?.();
    void router.invalidate();
  };
  return (
    <Page title={t('problem.failed')}>
      <PageBody reading>
        <Problem error={error} title={t('problem.failed')} onRetry={retry} actions={<Link to={paths.today()}>{t('problem.toToday')}</Link>}>
          {problem.message} {t('problem.failedMeaning')}
        </Problem>
      </PageBody>
    </Page>
  );
}

/** The same for a part of a screen: a tab. */
export function FailedPart({ error, reset }: { error: unknown; reset?: () => void }) {
  const { t } = useTranslation();
  const router = useRouter();
  const queries = useQueryErrorResetBoundary();
  const retry = (): void => {
    queries.reset();
    reset?.();
    void router.invalidate();
  };
  return <Problem error={error} title={t('problem.failed')} onRetry={retry} />;
}

export function NotFound() {
  const { t } = useTranslation();
  return <Nowhere title={t('problem.notFound')} text={t('problem.notFoundMeaning')} />;
}

export function Forbidden() {
  const { t } = useTranslation();
  return <Nowhere title={t('problem.forbidden')} text={t('problem.forbiddenMeaning')} />;
}

function Nowhere({ title, text }: { title: string; text: string }) {
  const { t } = useTranslation();
  const router = useRouter();
  return (
    <Page title={title}>
      <EmptyState
        title={title}
        actions={
          <>
            <Button variant="filled" onClick={() => void router.navigate({ href: paths.today() })}>
              {t('problem.toToday')}
            </Button>
            <Button onClick={() => router.history.back()}>{t('problem.back')}</Button>
          </>
        }
      >
        {text}
      </EmptyState>
    </Page>
  );
}

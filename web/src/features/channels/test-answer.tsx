import { useTranslation } from 'react-i18next';
import type { TestResult } from '../../../../server/src/modules/channels/contract.ts';
import { Notice } from '../../ui/states.tsx';

/** What a platform answered to the test of its keys: facts when it works, its reason when not. */
export function TestAnswer({ answer }: { answer: TestResult }) {
  const { t } = useTranslation('channels');
  if (!answer.ok)
    return (
      <Notice state="bad" live title={t('connect.refused')}>
        {answer.message}
      </Notice>
    );
  return (
    <div role="status">
      <Notice state="good" title={t('connect.works')}>
        {answer.facts.map((fact) => `${fact.label}: ${fact.value}`).join('. ')}
      </Notice>
    </div>
  );
}

import { useTranslation } from 'react-i18next';
import { useActor } from '../../api/actor.ts';
import { Quiet } from '../../ui/cells.tsx';

/** The companies of a person or a key, by name. */
export function CompanyNames({ ids }: { ids: readonly string[] | null }) {
  const { t } = useTranslation('settings');
  const { companies } = useActor();
  if (ids === null) return <Quiet>{t('companiesAll')}</Quiet>;
  return <span>{ids.map((id) => companies.find((company) => company.id === id)?.name ?? '–').join(', ')}</span>;
}

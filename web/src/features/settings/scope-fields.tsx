import { Checkbox, Radio, Select } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { RoleName } from '../../../../server/src/modules/accounts/contract.ts';
import { useActor } from '../../api/actor.ts';
import { Stack } from '../../ui/page.tsx';
import css from './settings.module.css';
import { roles } from './user-values.ts';

interface ScopeValues extends Record<string, unknown> {
  role: RoleName;
  scope: 'all' | 'some';
  companyIds: string[];
}

/** Role and companies: what a person or a key may do, and where. The same for both. */
export function ScopeFields<V extends ScopeValues>({ form }: { form: UseFormReturnType<V> }) {
  const { t } = useTranslation('settings');
  const { companies, limited } = useActor();
  const values = form.getValues();
  return (
    <>
      <Select
        {...form.getInputProps('role')}
        key={form.key('role')}
        label={t('users.role')}
        description={t(`roleAbout.${values.role}`)}
        data={roles.map((value) => ({ value, label: t(`role.${value}`) }))}
        allowDeselect={false}
      />
      {companies.length < 2 && values.scope === 'all' ? null : (
        <Radio.Group {...form.getInputProps('scope')} key={form.key('scope')} label={t('companiesField')}>
          <Stack tight>
            <Radio size="xs" classNames={{ body: css.radioBody, label: css.radio }} value="all" label={t('companiesAllOption')} disabled={limited} />
            <Radio size="xs" classNames={{ body: css.radioBody, label: css.radio }} value="some" label={t('companiesSomeOption')} />
          </Stack>
        </Radio.Group>
      )}
      {values.scope === 'all' ? null : (
        <Checkbox.Group {...form.getInputProps('companyIds')} key={form.key('companyIds')} label={t('companiesPick')}>
          <Stack tight>
            {companies.map((company) => (
              <Checkbox key={company.id} value={company.id} label={company.name} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
    </>
  );
}

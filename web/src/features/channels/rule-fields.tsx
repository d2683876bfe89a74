import { NumberInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../lib/format.ts';
import css from './channels.module.css';
import { offeredOf, toRule } from './store-values.ts';
import type { StoreValues } from './store-values.ts';

const EXAMPLES = [1, 5, 10, 25, 100, 1000];

/** How much of the stock a store is offered, with what that makes of a few quantities while it is typed. */
export function RuleFields({ form }: { form: UseFormReturnType<StoreValues> }) {
  const { t } = useTranslation('channels');
  const rule = toRule(form.values.stockRule);
  const field = (name: 'sharePercent' | 'buffer' | 'minimum' | 'cap') => ({
    ...form.getInputProps(`stockRule.${name}`),
    hideControls: true,
    allowNegative: false,
    allowDecimal: false,
  });
  return (
    <>
      <div className={css.rule}>
        <NumberInput {...field('sharePercent')} label={t('rule.share')} description={t('rule.shareHelp')} suffix={` ${t('rule.percent')}`} max={100} />
        <NumberInput {...field('buffer')} label={t('rule.buffer')} description={t('rule.bufferHelp')} suffix={` ${t('rule.pieces')}`} max={1_000_000} />
        <NumberInput {...field('minimum')} label={t('rule.minimum')} description={t('rule.minimumHelp')} suffix={` ${t('rule.pieces')}`} max={1_000_000} />
        <NumberInput {...field('cap')} label={t('rule.cap')} description={t('rule.capHelp')} suffix={` ${t('rule.pieces')}`} max={1_000_000} />
      </div>
      <table className={css.examples}>
        <tbody>
          <tr>
            <th scope="row">{t('rule.example')}</th>
            {EXAMPLES.map((available) => (
              <td key={available}>{formatNumber(available)}</td>
            ))}
          </tr>
          <tr>
            <th scope="row">{t('rule.offered')}</th>
            {EXAMPLES.map((available) => (
              <td key={available}>{formatNumber(offeredOf(available, rule))}</td>
            ))}
          </tr>
        </tbody>
      </table>
    </>
  );
}

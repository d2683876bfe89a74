import { useMemo, useState } from 'react';
import { Select, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import '@mantine/dates/styles.css';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { FxRate } from '../../../../server/src/modules/accounts/contract.ts';
import { useActor } from '../../api/actor.ts';
import { api } from '../../api/client.ts';
import { toProblem } from '../../api/problem.ts';
import { currentLocale } from '../../lib/i18n.ts';
import { currencies } from '../../lib/world.ts';
import { useZone } from '../../lib/zone.ts';
import { Quiet } from '../../ui/cells.tsx';
import { FieldRow, FormFrame, useSave } from '../../ui/form.tsx';
import { Stack } from '../../ui/page.tsx';
import { Notice, Problem, SkeletonLines } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { rateOnQuery, refreshRates } from './queries.ts';
import { dayText, rateText, sourceText, todayIn } from './rate-words.ts';

const DAY_FORMAT = 'D MMM YYYY';
const VALUE = /^\d{1,10}([.,]\d{1,8})?$/;

function useCurrencies(): { value: string; label: string }[] {
  return useMemo(() => currencies(currentLocale()), []);
}

/** Two different currencies to begin with: what the shop counts in, and another that it sells in. */
function usePair(): { base: string; quote: string } {
  const { shop, companies } = useActor();
  const other = companies.map((company) => company.currency).find((code) => code !== shop.currency);
  return { base: other ?? (shop.currency === 'EUR' ? 'USD' : 'EUR'), quote: shop.currency };
}

type RateValues = { base: string; quote: string; onDate: string; value: string };

/** Enters the rate of a day, or corrects one that was entered by hand. */
export function RateForm({ rate, onClose }: { rate?: FxRate; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const zone = useZone();
  const pair = usePair();
  const data = useCurrencies();
  const form = useForm<RateValues>({
    initialValues:
      rate === undefined ? { ...pair, onDate: todayIn(zone), value: '' } : { base: rate.base, quote: rate.quote, onDate: rate.onDate, value: rate.value },
    validate: {
      quote: (quote, { base }) => (quote === base ? t('rates.same') : null),
      onDate: (day) => (day === '' ? t('rates.dayMissing') : null),
      value: (value) => (VALUE.test(value.trim()) && Number(value.trim().replace(',', '.')) > 0 ? null : t('rates.valueWrong')),
    },
  });
  const saving = useSave(form, {
    save: ({ value, ...values }) => api.accounts.fxRates.put({ ...values, value: value.trim().replace(',', '.') }),
    done: async (saved) => {
      onClose();
      toast(t('rates.saved', { base: saved.base, quote: saved.quote, value: rateText(saved.value), day: dayText(saved.onDate) }));
      await refreshRates();
    },
  });
  const fixed = rate !== undefined;
  return (
    <FormFrame saving={saving} action={t('rates.save')} onCancel={onClose} cancel={t('rates.cancel')} note={t('rates.valueHelp')}>
      <FieldRow>
        <Select
          {...form.getInputProps('base')}
          key={form.key('base')}
          label={t('rates.base')}
          data={data}
          limit={100}
          searchable
          allowDeselect={false}
          disabled={fixed}
        />
        <Select
          {...form.getInputProps('quote')}
          key={form.key('quote')}
          label={t('rates.quote')}
          data={data}
          limit={100}
          searchable
          allowDeselect={false}
          disabled={fixed}
        />
      </FieldRow>
      <FieldRow>
        <DateInput {...form.getInputProps('onDate')} key={form.key('onDate')} label={t('rates.onDate')} valueFormat={DAY_FORMAT} disabled={fixed} />
        <TextInput {...form.getInputProps('value')} key={form.key('value')} label={t('rates.value')} inputMode="decimal" autoComplete="off" data-autofocus />
      </FieldRow>
    </FormFrame>
  );
}

/** Answers which rate counts on a day, and why. */
export function AskRate() {
  const { t } = useTranslation('settings');
  const zone = useZone();
  const pair = usePair();
  const data = useCurrencies();
  const [asked, setAsked] = useState({ ...pair, onDate: todayIn(zone) });
  const change = (patch: Partial<typeof asked>): void => setAsked((before) => ({ ...before, ...patch }));
  return (
    <Stack>
      <FieldRow>
        <Select
          label={t('rates.base')}
          value={asked.base}
          onChange={(base) => base !== null && change({ base })}
          data={data}
          limit={100}
          searchable
          allowDeselect={false}
        />
        <Select
          label={t('rates.quote')}
          value={asked.quote}
          onChange={(quote) => quote !== null && change({ quote })}
          data={data}
          limit={100}
          searchable
          allowDeselect={false}
        />
      </FieldRow>
      <DateInput label={t('rates.onDate')} value={asked.onDate} onChange={(onDate) => onDate !== null && change({ onDate })} valueFormat={DAY_FORMAT} />
      {asked.base === asked.quote ? <Notice state="none">{t('rates.same')}</Notice> : <Answer {...asked} />}
      <Quiet>{t('rates.askBody')}</Quiet>
    </Stack>
  );
}

function Answer(asked: { base: string; quote: string; onDate: string }) {
  const { t } = useTranslation('settings');
  const query = useQuery(rateOnQuery(asked));
  if (query.isPending) return <SkeletonLines lines={2} />;
  if (query.isError)
    return toProblem(query.error).status === 404 ? (
      <Notice state="attention" live title={t('rates.none')}>
        {t('rates.noneText', asked)}
      </Notice>
    ) : (
      <Problem error={query.error} title={t('rates.failed')} onRetry={() => void query.refetch()} />
    );
  const { value, onDate, source } = query.data;
  return (
    <Notice state="good" live title={t('rates.answer', { base: asked.base, quote: asked.quote, value: rateText(value) })}>
      {t('rates.answerFrom', { day: dayText(onDate), source: sourceText(t, source) })}
    </Notice>
  );
}

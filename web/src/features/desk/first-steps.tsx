import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useActor } from '../../api/actor.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { Link } from '../../ui/link.tsx';
import { Panel, PanelRow } from '../../ui/panel.tsx';
import { Status } from '../../ui/glyph.tsx';
import css from './desk.module.css';
import { productCountQuery } from './queries.ts';

/** What an empty shop does first. Only steps the person may take have a button. */
export function FirstSteps() {
  const { t } = useTranslation('desk');
  const { can } = useActor();
  const products = useQuery({ ...productCountQuery, enabled: can('catalog.read') });
  const count = products.data ?? 0;
  const place = (step: number) => (
    <span className={css.step} aria-hidden>
      {step}
    </span>
  );
  return (
    <Panel title={t('first.title')} flush foot={t('first.intro')}>
      <PanelRow
        lead={place(1)}
        title={t('first.products')}
        note={count > 0 ? t('first.productsDone', { count, number: formatNumber(count) }) : t('first.productsNote')}
        end={
          count > 0 ? (
            <Status state="good">{t('first.done')}</Status>
          ) : can('catalog.write') ? (
            <Button component={Link} plain to={paths.importProducts()} variant="filled">
              {t('first.productsAction')}
            </Button>
          ) : undefined
        }
      />
      <PanelRow
        lead={place(2)}
        title={t('first.store')}
        note={t('first.storeNote')}
        end={
          can('channels.connect') ? (
            <Button component={Link} plain to={paths.connectChannel()} variant={count > 0 ? 'filled' : 'default'}>
              {t('first.storeAction')}
            </Button>
          ) : undefined
        }
      />
      <PanelRow lead={place(3)} title={t('first.stock')} note={t('first.stockNote')} />
    </Panel>
  );
}

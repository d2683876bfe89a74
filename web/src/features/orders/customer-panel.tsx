import { ActionIcon, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { OrderDetail } from '../../../../server/src/modules/orders/contract.ts';
import { formatCountry } from '../../lib/format.ts';
import { Quiet } from '../../ui/cells.tsx';
import { Panel } from '../../ui/panel.tsx';
import css from './orders.module.css';

type Customer = NonNullable<OrderDetail['customer']>;
type Address = NonNullable<Customer['shipTo']>;

const linesOf = (address: Address): string[] =>
  [
    address.company,
    address.street,
    [address.postalCode, address.city].filter(Boolean).join(' '),
    [address.region, address.country === '' ? '' : formatCountry(address.country)].filter(Boolean).join(', '),
  ].filter((line) => line !== '');
const same = (one: Address, other: Address): boolean => one.name === other.name && linesOf(one).join('\n') === linesOf(other).join('\n');

/** Who bought it and where it goes. Drawn only for those who may see customers. */
export function CustomerPanel({ customer }: { customer: Customer }) {
  const { t } = useTranslation('orders');
  const { shipTo, billTo } = customer;
  const phone = shipTo !== null && shipTo.phone !== '' ? shipTo.phone : customer.phone;
  return (
    <Panel title={t('detail.customer')}>
      {shipTo === null ? (
        <>
          <address className={css.address}>
            <strong>{customer.name}</strong>
          </address>
          <Quiet>{t('detail.masked')}</Quiet>
        </>
      ) : (
        <AddressLines name={shipTo.name === '' ? customer.name : shipTo.name} address={shipTo} />
      )}
      {phone === '' ? null : <Contact value={phone} />}
      {customer.email === '' ? null : <Contact value={customer.email} />}
      {billTo === null || (shipTo !== null && same(shipTo, billTo)) ? null : (
        <div className={css.billing}>
          <h3>{t('detail.billing')}</h3>
          <AddressLines name={billTo.name} address={billTo} />
        </div>
      )}
    </Panel>
  );
}

const AddressLines = ({ name, address }: { name: string; address: Address }) => (
  <address className={css.address}>
    <strong>{name}</strong>
    {linesOf(address).map((line) => `\n${line}`)}
  </address>
);

function Contact({ value }: { value: string }) {
  const { t } = useTranslation();
  return (
    <div className={css.contact}>
      <span>{value}</span>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <ActionIcon size="xs" onClick={copy} aria-label={`${copied ? t('actions.copied') : t('actions.copy')}: ${value}`}>
            {copied ? <IconCheck size="1em" stroke={1.6} /> : <IconCopy size="1em" stroke={1.6} />}
          </ActionIcon>
        )}
      </CopyButton>
    </div>
  );
}

import { useTranslation } from 'react-i18next';
import type { OrderProblem, OrderStatus as OrderState } from '../../../server/src/modules/orders/contract.ts';
import { Status } from './glyph.tsx';
import type { State } from './glyph.tsx';

/** Shape of each status; the words are in the common texts, because orders stand on several screens. */
const shapes: Record<OrderState, State> = {
  pending: 'none',
  new: 'none',
  processing: 'moving',
  shipped: 'moving',
  delivered: 'good',
  delivery_failed: 'bad',
  returned: 'none',
  cancelled: 'none',
};

const isStatus = (status: string): status is OrderState => status in shapes;
const isProblem = (problem: string | null): problem is OrderProblem => problem === 'needs_mapping' || problem === 'oversold';

/** Where an order stands in one word; while it is open, what holds it up comes first. */
export function OrderStatus({ status, problem = null }: { status: string; problem?: string | null }) {
  const { t } = useTranslation();
  const open = status === 'pending' || status === 'new' || status === 'processing';
  if (open && isProblem(problem)) return <Status state="attention">{t(`order.problem.${problem}`)}</Status>;
  return isStatus(status) ? <Status state={shapes[status]}>{t(`order.status.${status}`)}</Status> : <Status state="none">{status}</Status>;
}

import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ProductFilter } from '../../../../server/src/modules/catalog/contract.ts';
import { paths } from '../../lib/paths.ts';
import type { Selection } from '../../ui/list-state.ts';
import { toast, toastProblem } from '../../ui/toast.tsx';
import { downloadQuery, productIds } from './queries.ts';

/** One download names its products in its address; longer lists are told by their filter. */
const NAMED = 200;

type Purpose = 'spreadsheet' | 'import';

function download(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}

/** Takes the selected products out as CSV: all that fit the filters, or the ones named. */
export function ExportSelection({ selection, filter }: { selection: Selection; filter: ProductFilter }) {
  const { t } = useTranslation('catalog');
  const { selected } = selection;
  const take = async (purpose: Purpose): Promise<void> => {
    if (selected.mode === 'all' && selected.except.length === 0) return download(paths.exportProducts({ ...downloadQuery(filter), for: purpose }));
    let ids: readonly string[];
    if (selected.mode === 'some') ids = selected.ids;
    else {
      const left = new Set(selected.except);
      ids = (await productIds(filter)).ids.filter((id) => !left.has(id));
    }
    if (ids.length > NAMED) return toast(t('export.tooMany', { count: ids.length, limit: NAMED }), { state: 'attention' });
    return download(paths.exportProducts({ id: ids, for: purpose }));
  };
  return (
    <Menu position="top">
      <Menu.Target>
        <Button rightSection={<IconChevronDown size="1em" stroke={1.6} />}>{t('export.title')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void take('spreadsheet').catch(toastProblem)}>{t('export.spreadsheet')}</Menu.Item>
        <Menu.Item onClick={() => void take('import').catch(toastProblem)}>{t('export.forImport')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

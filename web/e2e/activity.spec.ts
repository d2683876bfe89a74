import type { APIRequestContext } from '@playwright/test';
import { expect, makeProduct, test } from './fixtures.ts';

async function edit(api: APIRequestContext, product: { id: string }, version: number, change: Record<string, unknown>): Promise<void> {
  const answer = await api.put(`/api/products/${product.id}`, { data: { version, ...change } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

const productOf = async (api: APIRequestContext, id: string): Promise<{ title: string; price: { amount: string } }> =>
  (await (await api.get(`/api/products/${id}`)).json()) as { title: string; price: { amount: string } };

/** Starts an import that is at work long enough to be stopped. */
async function startImport(api: APIRequestContext, name: string, rows: number): Promise<string> {
  const lines = Array.from({ length: rows }, (_, row) => `${name}-${row},Thing ${row} of ${name},${(row % 90) + 5}.50,RON,draft`);
  const answer = await api.post(`/api/products/import?filename=${name}.csv`, {
    headers: { 'content-type': 'text/csv' },
    data: `sku,title,price,currency,status\n${lines.join('\n')}`,
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  return ((await answer.json()) as { id: string }).id;
}

test('an edit is found in Activity, read field by field, taken back, and the undo says by whom', async ({ page, api }) => {
  const product = await makeProduct(api, { sku: 'UNDO-ME-1', title: 'Kettle before', price: '129.90' });
  await edit(api, product, product.version, { title: 'Kettle after', price: { amount: '149.50', currency: 'RON' } });
  await page.goto('/activity');
  await page.getByRole('link', { name: 'Changes' }).click();
  await expect(page).toHaveURL(/tab=changes/);
  await page.getByRole('button', { name: /^Change filter: kind of change/ }).click();
  await page.getByRole('radio', { name: 'edits' }).click();
  await page.getByRole('button', { name: /^Change filter: who changed it/ }).click();
  await page.getByRole('radio', { name: 'me', exact: true }).click();
  await expect(page).toHaveURL(/kind=edit/);
  await page.getByRole('link', { name: 'Edit of UNDO-ME-1' }).click();

  const diff = page.getByRole('table', { name: 'What was changed' });
  await expect(diff.getByRole('row').filter({ hasText: 'Price' })).toContainText(/129\.90 RON.*149\.50 RON/s);
  await expect(diff.getByRole('row').filter({ hasText: 'Title' })).toContainText(/Kettle before.*Kettle after/s);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
  await expect(page.getByText('1 thing is as it was before.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toHaveCount(0);
  expect(await productOf(api, product.id)).toMatchObject({ title: 'Kettle before', price: { amount: '129.90' } });

  await page.reload();
  await expect(page.getByText('This change was taken back.')).toBeVisible();
  await expect(page.getByText(/By Ioana Petrescu/)).toBeVisible();
  await page.getByRole('link', { name: 'See what that changed' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Undo: Edit of UNDO-ME-1' })).toBeVisible();
  await page.getByRole('link', { name: 'an earlier change' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Edit of UNDO-ME-1', exact: true })).toBeVisible();
});

test('what was changed since is left alone and named with its reason', async ({ page, api }) => {
  const product = await makeProduct(api, { sku: 'UNDO-ME-2', title: 'First words' });
  await edit(api, product, product.version, { title: 'Second words' });
  await edit(api, product, product.version + 1, { title: 'Third words' });
  await page.goto('/activity?tab=changes&about=product');
  await page.getByRole('link', { name: 'Edit of UNDO-ME-2' }).last().click();
  await expect(page.getByText('Second words')).toBeVisible();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
  await expect(page.getByText('Nothing could be taken back.')).toBeVisible();
  await expect(page.getByText('1 was left alone because it has changed since:')).toBeVisible();
  await expect(page.getByText('UNDO-ME-2', { exact: true }).last()).toBeVisible();
  expect(await productOf(api, product.id)).toMatchObject({ title: 'Third words' });
});

test('runs are followed live, cancelled in the list and on their page, and tell what came of them', async ({ page, api }) => {
  await startImport(api, 'STOP-ONE', 60_000);
  await page.goto('/activity');
  const row = page.getByRole('row').filter({ hasText: 'Import of STOP-ONE.csv' });
  await row.getByRole('button', { name: 'Cancel Import of STOP-ONE.csv' }).click();
  await expect(row.getByText('cancelled')).toBeVisible({ timeout: 20_000 });
  await expect(row.getByText(/^Stopped after/)).toBeVisible();

  const second = await startImport(api, 'STOP-TWO', 60_000);
  await page.goto(`/activity/runs/${second}`);
  await expect(page.getByRole('main').getByRole('progressbar')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel Import of STOP-TWO.csv' }).click();
  await expect(page.getByText('It was stopped.')).toBeVisible({ timeout: 20_000 });

  await page.goto('/activity?kind=orders.pull&state=ended');
  await page
    .getByRole('grid')
    .getByRole('link', { name: /^Orders of/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { name: 'What came of it' })).toBeVisible();
  await expect(page.getByText('Reading the orders of a store')).toBeVisible();
});

test('an import shows its refused rows, its problem file and what it changed', async ({ page, api }) => {
  const answer = await api.post('/api/products/import?filename=mixed.csv', {
    headers: { 'content-type': 'text/csv' },
    data: 'sku,title,price,currency\nMIX-1,Good thing,12.00,RON\nMIX-2,Bad thing,twelve,RON\n',
  });
  const { id } = (await answer.json()) as { id: string };
  await page.goto(`/activity/runs/${id}`);
  await expect(page.getByRole('table', { name: 'Rows with a problem' }).getByRole('row').filter({ hasText: 'MIX-2' })).toContainText('twelve');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download all with their reasons' }).click()]);
  expect(await file.failure()).toBeNull();
  await page.getByRole('link', { name: 'What it changed' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Import of mixed.csv' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'MIX-1' })).toBeVisible();
  await page.getByRole('link', { name: 'Import of mixed.csv' }).click();
  await expect(page).toHaveURL(new RegExp(`/activity/runs/${id}$`));
});

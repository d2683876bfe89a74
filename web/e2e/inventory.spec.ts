import type { APIRequestContext } from '@playwright/test';
import { expect, test } from './fixtures.ts';

/** A product with ten pieces on the shelf, brought by a file. */
async function makeItem(api: APIRequestContext, sku: string, title: string): Promise<{ productId: string; itemId: string }> {
  const file = `SKU,Title,Price,Currency,Status,Stock\n${sku},${title},10.00,RON,active,10\n`;
  const sent = await api.post('/api/products/import?filename=shelf.csv', { headers: { 'content-type': 'text/csv' }, data: Buffer.from(file) });
  expect(sent.ok(), await sent.text()).toBe(true);
  let found: { id: string; product: { id: string } | null } | undefined;
  await expect
    .poll(
      async () => {
        const answer = await api.get('/api/inventory', { params: { search: sku } });
        found = ((await answer.json()) as { items: { id: string; product: { id: string } | null }[] }).items[0];
        return found?.product?.id;
      },
      { message: 'the import has brought its stock' },
    )
    .toBeDefined();
  return { productId: found?.product?.id ?? '', itemId: found?.id ?? '' };
}

test('stock is counted, added, taken and taken back', async ({ page, api }) => {
  const { itemId, productId } = await makeItem(api, 'SHELF-1', 'Shelf thing one');
  await page.goto('/inventory?q=SHELF-1');
  await page.getByRole('row').filter({ hasText: 'Shelf thing one' }).getByRole('link', { name: 'Shelf thing one' }).first().click();
  await expect(page).toHaveURL(new RegExp(`/inventory/${itemId}$`));
  const drawer = page.getByRole('dialog');
  const adjust = async (way: string, pieces: string, action: string): Promise<void> => {
    await page.getByRole('button', { name: 'Adjust stock' }).click();
    await drawer.getByText(way, { exact: true }).click();
    await drawer.getByRole('textbox', { name: /^Pieces/ }).fill(pieces);
    await drawer.getByRole('button', { name: action }).click();
  };
  const movements = page.getByRole('table', { name: 'Movements' }).getByRole('row');

  await adjust('Counted', '40', 'Set quantity');
  await expect(movements.nth(1)).toContainText('Counted');
  await expect(movements.nth(1)).toContainText('+30');
  await adjust('Add', '12', 'Add pieces');
  await expect(movements.nth(1)).toContainText('Delivery received');
  await expect(movements.nth(1)).toContainText('52');

  await page.getByRole('button', { name: 'Adjust stock' }).click();
  await drawer.getByText('Take', { exact: true }).click();
  await drawer.getByRole('textbox', { name: 'Pieces to take' }).fill('60');
  await drawer.getByRole('button', { name: 'Take pieces' }).click();
  await expect(drawer.getByText('Only 52 are on hand.')).toBeVisible();
  await drawer.getByRole('textbox', { name: 'Pieces to take' }).fill('2,5');
  await drawer.getByRole('textbox', { name: 'Note' }).fill('two and a half broke');
  await drawer.getByRole('button', { name: 'Take pieces' }).click();
  await expect(movements.nth(1)).toContainText('two and a half broke');
  await expect(movements.nth(1)).toContainText('49.5');

  // The word at the foot of the screen has the way back.
  await page.locator('.mantine-Notification-root').filter({ hasText: '49.5 on hand' }).getByRole('button', { name: 'Undo' }).click();
  await expect(movements.nth(1)).toContainText('Taken back');
  await expect(movements.nth(1)).toContainText('52');
  expect(await (await api.get(`/api/inventory/${itemId}`)).json()).toMatchObject({ onHand: 52 });

  await page.goto(`/products/${productId}/stock`);
  await expect(page.getByRole('table', { name: 'Movements' }).getByRole('row')).toHaveCount(6);
});

test.describe('two people, one shelf', () => {
  test.use({ refusals: [409] });
  test('a stale reorder point is shown with what stands there now', async ({ page, api }) => {
    const { itemId } = await makeItem(api, 'SHELF-2', 'Shelf thing two');
    await page.goto(`/inventory/${itemId}`);
    await page.getByRole('button', { name: 'Edit' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('textbox', { name: 'Place' }).fill('B-2');
    const { version } = (await (await api.get(`/api/inventory/${itemId}`)).json()) as { version: number };
    await api.put(`/api/inventory/${itemId}`, { data: { version, reorderPoint: 15, location: 'A-1' } });
    await drawer.getByRole('textbox', { name: 'Reorder at' }).fill('20');
    await drawer.getByRole('button', { name: 'Save' }).click();
    await expect(drawer.getByText('Somebody saved first.')).toBeVisible();
    await expect(drawer.getByRole('table')).toContainText('A-1');
    await drawer.getByRole('button', { name: 'Save mine' }).click();
    await expect(drawer).toBeHidden();
    expect(await (await api.get(`/api/inventory/${itemId}`)).json()).toMatchObject({ reorderPoint: 20, location: 'B-2' });
    await page.goto('/inventory?filter=below_reorder_point');
    await expect(page.getByRole('row').filter({ hasText: 'Shelf thing two' })).toContainText('At or below 20');
  });
});

test('items are sorted and narrowed, and the address keeps it', async ({ page }) => {
  await page.goto('/inventory');
  await page.getByRole('button', { name: 'Sort by Available' }).click();
  await expect(page).toHaveURL(/sort=available/);
  await page.getByRole('link', { name: /^Out of stock/ }).click();
  await expect(page).toHaveURL(/filter=out_of_stock/);
  await expect(page.getByRole('row').nth(1)).toContainText('None left');
  await page.goBack();
  await expect(page).not.toHaveURL(/filter=/);
});

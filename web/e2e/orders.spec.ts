import { expect, test } from './fixtures.ts';
import { buy, goodsOf, offersOn, readOrders, storeId } from './market.ts';

/** The first reading of a fresh shop takes in two weeks of orders, at the pace the platform allows. */
const ARRIVES = { timeout: 100_000 };

test('an order arrives without a reload, and the stock of the other store falls', async ({ page, api, shop }) => {
  test.setTimeout(240_000);
  const [here, there] = [await storeId(api, 'Trendyol RO'), await storeId(api, 'Trendyol DE')];
  const offers = await offersOn(api, there, '&pushState=confirmed');
  const offer = offers.find((one) => (one.stock?.wanted ?? 0) > 20);
  if (offer?.stock === undefined || offer.stock === null) throw new Error('nothing to sell');
  const before = offer.stock.wanted;

  await page.goto('/orders');
  await expect(page.getByRole('heading', { level: 1, name: 'Orders' })).toBeVisible();
  const row = page.getByRole('row').filter({ hasText: 'Zoe Appears' });
  await expect(row).toHaveCount(0);
  await buy(api, shop, 'RO', [{ barcode: offer.barcode, quantity: 2 }], 'Appears');
  await readOrders(api);
  await expect(row).toBeVisible(ARRIVES);
  await expect(row).toContainText('To pack');
  await row.click();
  await expect(page.getByRole('list', { name: 'Progress of the order' })).toContainText('Reserved');
  await expect(page.getByText('Stock reserved')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Trendyol RO' }).first()).toHaveAttribute('href', `/trendyol?channel=${here}`);

  await page.goto(`/trendyol?channel=${there}&q=${offer.barcode}`);
  const standing = page.getByRole('row').filter({ hasText: offer.barcode });
  await expect(standing).toBeVisible();
  // Shoppers of the demo may take more of it meanwhile, never less.
  const confirmed = async (): Promise<number> => Number(/(\d+) confirmed/.exec(await standing.innerText())?.[1] ?? Number.MAX_SAFE_INTEGER);
  await expect.poll(confirmed, { timeout: 60_000 }).toBeLessThanOrEqual(before - 2);
  await standing.getByRole('rowheader').click();
  const look = page.getByRole('dialog');
  await expect(look.getByText('Stock on its way')).toBeVisible();
  await expect(look.getByRole('heading', { name: 'On the store' })).toBeVisible();
});

test('a line under a code that nobody knows is mapped, and its order goes on', async ({ page, api, shop }) => {
  test.setTimeout(180_000);
  const goods = await goodsOf(api, shop, 'RO');
  const unknown = goods.find((good) => good.barcode.startsWith('OLD') && good.quantity > 2);
  const known = goods.find((good) => !good.barcode.startsWith('OLD') && good.quantity > 20);
  if (unknown === undefined || known === undefined) throw new Error('nothing to sell');
  await buy(api, shop, 'RO', [{ barcode: unknown.barcode, quantity: 1 }], 'Unmapped');
  await readOrders(api);

  await page.goto('/orders?view=mapping');
  const row = page.getByRole('row').filter({ hasText: 'Zoe Unmapped' });
  await expect(row).toContainText('Needs mapping', ARRIVES);
  await page.goto('/');
  await expect(page.getByText(/orders? needs? mapping/)).toBeVisible();
  await page.getByRole('link', { name: /^Map: / }).click();
  await expect(page).toHaveURL(/view=mapping/);
  await row.click();
  await expect(page.getByText('One line has no product of ours.')).toBeVisible();
  await page.getByRole('button', { name: 'Map the line' }).click();
  const drawer = page.getByRole('dialog');
  await expect(drawer).toContainText(unknown.barcode);
  await expect(drawer.getByRole('button', { name: 'This was sold' })).toBeDisabled();
  await drawer.getByRole('searchbox').fill(known.stockCode);
  await drawer.getByRole('radio', { name: new RegExp(known.stockCode) }).click();
  await drawer.getByRole('button', { name: `This was sold: ${known.stockCode}` }).click();
  await expect(drawer).toBeHidden();
  await expect(page.getByText('One line has no product of ours.')).toBeHidden();
  const timeline = page.getByRole('list', { name: 'Timeline' });
  await expect(timeline).toContainText(`Mapped to ${known.stockCode}`);
  await expect(timeline).toContainText('Chosen by hand.');
  await expect(timeline).toContainText('Stock reserved');
  await expect(page.getByText(known.stockCode, { exact: true })).toBeVisible();
  await page.goto('/orders?view=mapping');
  await expect(page.getByRole('heading', { level: 1, name: 'Orders' })).toBeVisible();
  await expect(row).toHaveCount(0);
});

test('the list is viewed, narrowed, sorted and walked with the keyboard', async ({ page }) => {
  test.setTimeout(180_000);
  await page.goto('/orders');
  await page.getByRole('link', { name: /^All/ }).click();
  await expect(page).toHaveURL(/view=all/);
  await page.getByRole('button', { name: 'Add a filter' }).click();
  await page.getByRole('menuitem', { name: 'store' }).click();
  await page.getByRole('radio', { name: 'Trendyol DE' }).click();
  await expect(page).toHaveURL(/channel=/);
  await expect(page.getByRole('row').nth(3).getByRole('img', { name: 'Trendyol DE' })).toBeVisible(ARRIVES);
  await page.getByRole('button', { name: 'Sort by Send by' }).click();
  await expect(page).toHaveURL(/sort=deadline/);
  await expect(page.getByRole('columnheader', { name: /Send by/ })).toHaveAttribute('aria-sort', 'ascending');
  const second = page.getByRole('row').nth(2);
  const number = (await second.getByRole('rowheader').innerText()).trim();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: number })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('A product, an order, a page…').fill(number);
  const found = page.getByRole('dialog').getByText(number, { exact: true });
  await expect(found).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('navigation', { name: 'Where you are' }).getByRole('link', { name: 'Orders' }).click();
  await page.getByRole('searchbox').fill('no such order');
  await expect(page.getByText('Nothing fits these filters')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page.getByRole('row').nth(1)).toBeVisible();
});

test('"Sync now" reads the stores and says what came', async ({ page }) => {
  test.setTimeout(180_000);
  await page.goto('/orders');
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expect(page.getByText(/new packages?|changed|Nothing new on the stores/).last()).toBeVisible(ARRIVES);
  await expect(page.getByRole('button', { name: 'Sync now' })).toBeEnabled();
});

test('Today shows money, orders and what is broken, over a day or a month', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Today' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Net sales' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Sales by channel' }).getByRole('row', { name: /Trendyol RO/ })).toBeVisible();
  await page.getByText('30 days', { exact: true }).click();
  await expect(page).toHaveURL(/days=30/);
  await expect(page.getByText('vs 30 days before')).toBeVisible();
  await page.getByRole('link', { name: /later$/ }).click();
  await expect(page).toHaveURL(/\/orders\?sort=deadline/);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/');
  await expect(page.getByRole('heading', { name: /^Orders to send/ })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

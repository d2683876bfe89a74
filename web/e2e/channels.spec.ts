import { expect, test } from './fixtures.ts';
import { goodsOf, openAccount, storeId } from './market.ts';

const READ = { timeout: 40_000 };

test('a store is connected, first with a wrong key, and follows our stock', async ({ page, api, shop }) => {
  test.setTimeout(150_000);
  const ours = (await goodsOf(api, shop, 'RO')).filter((good) => !good.barcode.startsWith('OLD') && good.quantity > 8).slice(0, 12);
  const [first] = ours;
  if (first === undefined) throw new Error('nothing to offer');
  await openAccount(api, shop, {
    sellerId: 771_001,
    apiKey: 'right-key',
    apiSecret: 'right-secret',
    storeFront: 'BG',
    goods: [
      ...ours.map(({ barcode, stockCode, title }) => ({ barcode, stockCode, title, quantity: 3 })),
      { barcode: 'NOBODY-1', stockCode: 'NOBODY-1', title: 'A thing of nobody, first', quantity: 1 },
      { barcode: 'NOBODY-2', stockCode: 'NOBODY-2', title: 'A thing of nobody, second', quantity: 1 },
    ],
  });

  await page.goto('/settings/channels');
  await page.getByRole('link', { name: 'Connect a store' }).click();
  await page.getByRole('button', { name: 'Choose Trendyol' }).click();
  await page.getByRole('button', { name: 'Connect the store' }).click();
  await expect(page.getByText('Fill this in')).toHaveCount(3);
  await page.getByLabel('Seller id').fill('771001');
  await page.getByLabel('API key').fill('right-key');
  await page.getByLabel('API secret').fill('wrong-secret');
  await page.getByRole('combobox', { name: 'Products from' }).click();
  await page.getByRole('option', { name: 'Bulgaria (BG)' }).click();

  await page.getByRole('button', { name: 'Test the connection' }).click();
  const secret = page.getByLabel('API secret');
  await expect(secret).toHaveAttribute('data-invalid', 'true');
  await expect(secret).toBeFocused();
  await expect(page.getByText(/refuses this API key and secret/)).toHaveCount(1);
  await page.getByRole('button', { name: 'Connect the store' }).click();
  await expect(secret).toHaveAttribute('data-invalid', 'true');
  await expect(page).not.toHaveURL(/store=/);

  await secret.fill('right-secret');
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByText('The connection works.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Bulgaria of the test');
  await page.getByRole('button', { name: 'Connect the store' }).click();
  await expect(page.getByRole('heading', { name: 'Products of Bulgaria of the test' })).toBeVisible();
  await expect(page.getByText('Mapped to yours')).toBeVisible(READ);
  const counts = page.getByRole('status').filter({ hasText: 'Mapped to yours' });
  await expect(counts).toContainText(/Read\s*14/);
  await expect(counts).toContainText(/Mapped to yours\s*12/);
  await expect(counts).toContainText(/Without a product of yours\s*2/);

  await page.getByRole('button', { name: 'Go on to stock' }).click();
  await expect(page.getByRole('button', { name: 'Turn writes on' })).toBeDisabled();
  await page.reload();
  await page.getByRole('radio', { name: 'Ours counts' }).click();
  await page.getByRole('button', { name: 'Turn writes on' }).click();
  await expect(page.getByText('Writes of Bulgaria of the test are on')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Bulgaria of the test' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /Bulgaria of the test/ })).toBeVisible();
  // It stood at 3 there; now it follows what we have.
  const row = page.getByRole('row').filter({ hasText: first.barcode });
  await expect(row).toContainText(/\d+ confirmed/, { timeout: 60_000 });
  await expect(row).not.toContainText(/^3 confirmed$/);
});

test('a product on a store is mapped by hand and parted again', async ({ page, api, shop }) => {
  const [good] = (await goodsOf(api, shop, 'RO')).filter((one) => !one.barcode.startsWith('OLD') && one.quantity > 8);
  if (good === undefined) throw new Error('nothing to map to');
  const store = await storeId(api, 'Trendyol RO');
  await page.goto(`/trendyol?channel=${store}&mapped=no`);
  const map = page.getByRole('button', { name: /^Map… / }).first();
  const title = ((await map.getAttribute('aria-label')) ?? '').replace('Map… ', '');
  await map.click();
  const look = page.getByRole('dialog');
  await expect(look.getByText('No product of yours has this barcode or SKU.')).toBeVisible();
  await look.getByRole('searchbox').fill(good.stockCode);
  await look.getByRole('radio', { name: new RegExp(good.stockCode) }).click();
  await look.getByRole('button', { name: `It is this: ${good.stockCode}` }).click();
  await expect(page.getByText(`“${title}” is mapped to ${good.stockCode}`)).toBeVisible();
  await expect(look.getByText(new RegExp(`^${good.stockCode} · Mapped by `))).toBeVisible();
  await look.getByRole('button', { name: 'Not this product' }).click();
  await page.getByRole('button', { name: 'Part them' }).click();
  await expect(page.getByText(`“${title}” is no longer mapped`)).toBeVisible();
  await expect(look.getByText('Which product of ours is it?')).toBeVisible();
});

test('a store is changed, paused and disconnected', async ({ page, api, shop }) => {
  test.setTimeout(120_000);
  await openAccount(api, shop, {
    sellerId: 771_002,
    apiKey: 'cz-key',
    apiSecret: 'cz-secret',
    storeFront: 'CZ',
    goods: [{ barcode: 'CZ-1', stockCode: 'CZ-1', title: 'Only one', quantity: 1 }],
  });
  const answer = await api.post('/api/trendyol/stores', {
    data: { name: 'Short-lived', credentials: { sellerId: '771002', apiKey: 'cz-key', apiSecret: 'cz-secret' }, settings: { productStoreFront: 'CZ' } },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  await page.goto('/settings/channels');
  await page.getByRole('table', { name: 'Channels' }).getByRole('link', { name: 'Short-lived' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Short-lived' })).toBeVisible();

  await page.getByRole('textbox', { name: 'Share of the stock' }).fill('50');
  await page.getByRole('textbox', { name: 'Kept back' }).fill('2');
  await expect(page.getByRole('row', { name: /the store is offered/ })).toContainText(/0\s*0\s*3\s*10\s*48\s*498/);
  await page.getByRole('button', { name: 'Save the store' }).click();
  await expect(page.getByText('Short-lived is saved')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Share of the stock' })).toHaveValue('50 %');
  await expect(page.getByLabel('API secret')).toHaveValue('');

  await page.getByRole('button', { name: 'Test now' }).click();
  await expect(page.getByText('The connection works.')).toBeVisible();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Pause the store' }).click();
  await page.getByRole('button', { name: 'Pause the store' }).click();
  await expect(page.getByText('This store is paused.')).toBeVisible();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Let it go on' }).click();
  await expect(page.getByText('This store is paused.')).toBeHidden();

  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Disconnect…' }).click();
  await expect(page.getByRole('dialog')).toContainText('Its orders and history stay.');
  await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
  await expect(page.getByText('Short-lived is disconnected')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Channels' })).not.toContainText('Short-lived');
});

test('an address that is no platform says that there is nothing', async ({ page }) => {
  await page.goto('/no-such-platform');
  await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
});

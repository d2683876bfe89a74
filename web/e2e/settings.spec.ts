import { request } from '@playwright/test';
import { onEmptyShop } from './empty-shop.ts';
import { expect, test } from './fixtures.ts';

test('a key is made, shown once, opens the API, and is refused as soon as it is revoked', async ({ page, shop }) => {
  await page.goto('/settings');
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'API keys' }).click();
  await page.getByRole('button', { name: 'Create key' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('button', { name: 'Create key' }).click();
  await expect(drawer.getByText('Fill this in')).toBeVisible();
  await drawer.getByRole('textbox', { name: 'Name' }).fill('Accounting export');
  await drawer.getByRole('button', { name: 'Create key' }).click();
  const key = await drawer.getByRole('textbox', { name: 'API key' }).inputValue();
  expect(key).toMatch(/^kv_/);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await drawer.getByRole('button', { name: 'Copy' }).click();
  await expect(drawer.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
  await drawer.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText(key)).toHaveCount(0);

  const program = await request.newContext({ baseURL: shop.url, extraHTTPHeaders: { authorization: `Bearer ${key}` } });
  expect((await program.get('/api/products?limit=1')).status()).toBe(200);
  expect((await program.get('/api/users')).status()).toBe(403);
  await page.getByRole('row').filter({ hasText: 'Accounting export' }).click();
  await drawer.getByRole('button', { name: 'Revoke…' }).click();
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Accounting export' }).getByText('revoked')).toBeVisible();
  await expect.poll(async () => (await program.get('/api/products?limit=1')).status()).toBe(401);
  await program.dispose();
});

test('a user added with a limited role chooses a password by link, signs in, sees less, and is removed', async ({ page, browser }) => {
  await page.goto('/settings/users');
  await page.getByRole('button', { name: 'Add user' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('textbox', { name: 'Name' }).fill('Andrei Stan');
  await drawer.getByRole('textbox', { name: 'E-mail address' }).fill('andrei@levant.example');
  await drawer.getByRole('combobox', { name: 'Role' }).click();
  await page.getByRole('option', { name: 'Viewer' }).click();
  await drawer.getByRole('button', { name: 'Add user' }).click();
  const link = await drawer.getByRole('textbox', { name: 'One-time link' }).inputValue();
  await drawer.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Andrei Stan' }).getByText('has not chosen a password')).toBeVisible();

  const his = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const andrei = await his.newPage();
  const noise: string[] = [];
  andrei.on('pageerror', (error) => noise.push(error.message));
  await andrei.goto(link);
  await andrei.getByRole('textbox', { name: 'New password' }).fill('a quiet place to work');
  await andrei.getByRole('button', { name: 'Keep this password' }).click();
  await expect(andrei.getByRole('heading', { level: 1, name: 'Today' })).toBeVisible();
  const nav = andrei.getByRole('navigation', { name: 'Settings' });
  await andrei.goto('/settings');
  await expect(nav.getByRole('link', { name: 'Your account' })).toBeVisible();
  await expect(nav.getByRole('link', { name: 'Users' })).toHaveCount(0);
  await expect(nav.getByRole('link', { name: 'API keys' })).toHaveCount(0);
  await andrei.goto('/settings/shop');
  await expect(andrei.getByText('Your role may read this but not change it.')).toBeVisible();
  await andrei.goto('/settings/users');
  await expect(andrei.getByText('You may not open this page')).toBeVisible();
  await andrei.goto('/activity?tab=changes');
  await expect(andrei.getByRole('grid', { name: 'Changes' })).toBeVisible();

  await andrei.goto('/settings/me');
  await andrei.getByRole('textbox', { name: 'Present password' }).fill('not this one at all');
  await andrei.getByRole('textbox', { name: 'New password' }).fill('a louder place to work');
  await andrei.getByRole('button', { name: 'Change password' }).click();
  await expect(andrei.getByText('The present password is not right. Nothing was changed.')).toBeVisible();
  await andrei.getByRole('textbox', { name: 'Present password' }).fill('a quiet place to work');
  await andrei.getByRole('button', { name: 'Change password' }).click();
  await expect(andrei.getByText('Your password was changed.')).toBeVisible();
  await andrei.reload();
  await expect(andrei.getByText('this browser')).toBeVisible();
  expect(noise).toEqual([]);

  await page.getByRole('row').filter({ hasText: 'Andrei Stan' }).click();
  await drawer.getByRole('button', { name: 'Remove Andrei Stan…' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Andrei Stan' })).toHaveCount(0);
  await andrei.goto('/settings');
  await expect(andrei).toHaveURL(/\/sign-in/);
  await his.close();
});

test.describe('what the server refuses is said where it was asked', () => {
  test.use({ refusals: [409] });

  test('the last owner stays one', async ({ page }) => {
    await page.goto('/settings/users');
    await page.getByRole('row').filter({ hasText: 'Ioana Petrescu' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: 'Viewer' }).click();
    await drawer.getByRole('button', { name: 'Save' }).click();
    await expect(drawer.getByText('This is the last active owner. Make somebody else an owner first.')).toBeVisible();
  });

  test('settings of the shop that somebody saved meanwhile are shown beside one’s own', async ({ page, api }) => {
    await page.goto('/settings/shop');
    const name = page.getByRole('textbox', { name: 'Name of the shop' });
    const before = await name.inputValue();
    await name.fill('Levant Home and Garden');
    const { version } = (await (await api.get('/api/settings')).json()) as { version: number };
    await api.patch('/api/settings', { data: { version, name: 'Levant at Home' } });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByText('Somebody saved this while you were editing.')).toBeVisible();
    await expect(page.getByRole('table').getByText('Levant at Home')).toBeVisible();
    await page.getByRole('button', { name: 'Save mine' }).click();
    await expect(page.getByText('Settings of the shop saved')).toBeVisible();
    await expect(page.getByTitle('Levant Home and Garden')).toBeVisible();
    await name.fill(before);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByTitle(before)).toBeVisible();
  });
});

test('a company is added, made the default, archived and restored', async ({ page }) => {
  await page.goto('/settings/companies');
  const drawer = page.getByRole('dialog');
  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  await page.getByRole('button', { name: 'Add company' }).click();
  await drawer.getByRole('textbox', { name: 'Name', exact: true }).fill('Levant Trade EOOD');
  await drawer.getByRole('textbox', { name: 'VAT number' }).fill('BG123456789');
  await drawer.getByRole('combobox', { name: 'Country' }).click();
  await page.getByRole('option', { name: 'Bulgaria' }).click();
  await drawer.getByRole('button', { name: 'Add company' }).click();
  await row('Levant Trade EOOD').click();
  await drawer.getByRole('button', { name: 'Make default' }).click();
  await expect(row('Levant Trade EOOD').getByText('default')).toBeVisible();
  await row('Levant Home SRL').click();
  await drawer.getByRole('button', { name: 'Make default' }).click();
  await expect(row('Levant Home SRL').getByText('default')).toBeVisible();
  await row('Levant Trade EOOD').click();
  await drawer.getByRole('button', { name: 'Archive…' }).click();
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await expect(row('Levant Trade EOOD')).toHaveCount(0);
  await page.getByRole('button', { name: /^Change filter: which companies/ }).click();
  await page.getByRole('radio', { name: 'also archived ones' }).click();
  await row('Levant Trade EOOD').click();
  await drawer.getByRole('button', { name: 'Restore' }).click();
  await expect(row('Levant Trade EOOD').getByText('active')).toBeVisible();
});

test('a rate is entered by hand, corrected, and found for a later day, also turned round', async ({ page }) => {
  await page.goto('/settings/rates');
  await page.getByRole('button', { name: 'Add rate' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('textbox', { name: 'Rate' }).fill('0');
  await drawer.getByRole('button', { name: 'Keep this rate' }).click();
  await expect(drawer.getByText('Enter a number above 0')).toBeVisible();
  await drawer.getByRole('textbox', { name: 'On', exact: true }).fill('2 Nov 2026');
  await drawer.getByRole('textbox', { name: 'Rate' }).fill('5,0831');
  await drawer.getByRole('button', { name: 'Keep this rate' }).click();
  const row = page.getByRole('row').filter({ hasText: '2 Nov 2026' });
  await expect(row).toContainText('5.0831');
  await row.click();
  await drawer.getByRole('textbox', { name: 'Rate' }).fill('5.0');
  await drawer.getByRole('button', { name: 'Keep this rate' }).click();
  await expect(row).toContainText('5.0000');

  await page.getByRole('button', { name: 'Which rate applies?' }).click();
  await drawer.getByRole('textbox', { name: 'On', exact: true }).fill('4 Nov 2026');
  await drawer.getByRole('textbox', { name: 'On', exact: true }).blur();
  await expect(drawer.getByText('1 EUR = 5.0000 RON')).toBeVisible();
  await expect(drawer.getByText('Known since 2 Nov 2026, by hand.')).toBeVisible();
});

test('one’s own account: name, colours, other browsers', async ({ page, shop }) => {
  const other = await request.newContext({
    baseURL: shop.url,
    extraHTTPHeaders: { origin: shop.url, 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0' },
  });
  expect((await other.post('/api/auth/sign-in/email', { data: { email: shop.email, password: shop.password } })).ok()).toBe(true);
  await page.goto('/settings/me');
  await page.getByRole('textbox', { name: 'Title' }).fill('Owner of everything');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Your account was saved')).toBeVisible();
  await page.getByText('Dark', { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.getByText('Light', { exact: true }).click();
  await page.getByRole('button', { name: 'Sign out Firefox on Windows' }).click();
  await expect(page.getByText('Firefox on Windows')).toHaveCount(0);
  await expect.poll(async () => (await other.get('/api/me')).status()).toBe(401);
  await other.dispose();
});

test('an empty installation asks for its first owner, refuses what is missing, and opens', async ({ browser }) => {
  test.setTimeout(200_000);
  await onEmptyShop(async (url) => {
    const context = await browser.newContext({ baseURL: url, storageState: { cookies: [], origins: [] } });
    const page = await context.newPage();
    const noise: string[] = [];
    page.on('pageerror', (error) => noise.push(error.message));
    await page.goto('/');
    await expect(page).toHaveURL(/\/setup$/);
    await page.getByRole('button', { name: 'Open the shop' }).click();
    await expect(page.getByText('Fill this in').first()).toBeVisible();
    await page.getByRole('textbox', { name: 'Your name' }).fill('Elif Kaya');
    await page.getByRole('textbox', { name: 'E-mail address' }).fill('elif@shop.example');
    await page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
    await page.getByRole('textbox', { name: 'Name of the shop' }).fill('Elif’s shop');
    await page.getByRole('textbox', { name: 'Company' }).fill('Elif Ltd');
    await page.getByRole('button', { name: 'Open the shop' }).click();
    await expect(page.getByTitle('Elif’s shop')).toBeVisible();
    await page.goto('/setup');
    await expect(page).not.toHaveURL(/\/setup$/);
    await page.goto('/activity');
    await expect(page.getByText('No work has been done yet')).toBeVisible();
    await page.goto('/settings/rates');
    await expect(page.getByText('No rates yet')).toBeVisible();
    expect(noise).toEqual([]);
    await context.close();
  });
});

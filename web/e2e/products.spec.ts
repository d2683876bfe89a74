import { readFile } from 'node:fs/promises';
import { expect, makeProduct, test } from './fixtures.ts';

test('a product is found by its SKU, by title words and with Ctrl-K', async ({ page, api }) => {
  const product = await makeProduct(api, { sku: 'FIND-ME-1', title: 'Hammered kettle for finding' });
  await page.goto('/products');
  await expect(page.getByRole('grid', { name: 'Products' })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('find-me-1');
  const row = page.getByRole('row').filter({ hasText: product.title });
  await expect(row).toBeVisible();
  await expect(page.getByText('All 1', { exact: true })).toBeVisible();
  await page.getByRole('searchbox').fill('kettle finding');
  await expect(page).toHaveURL(/q=kettle\+finding/);
  await expect(row).toBeVisible();
  await page.goto('/inventory');
  await expect(page.getByRole('heading', { level: 1, name: 'Inventory' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('A product, an order, a page…').fill('FIND-ME-1');
  await page.getByRole('dialog').getByText(product.title).click();
  await expect(page).toHaveURL(new RegExp(`/products/${product.id}$`));
  await expect(page.getByRole('heading', { level: 1, name: product.title })).toBeVisible();
});

test('the list is walked with the keyboard, narrowed by a sentence, and kept as a view', async ({ page }) => {
  await page.goto('/products?sort=title');
  await expect(page.getByRole('row').nth(5)).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(page.getByText('1 selected')).toBeVisible();
  await page.getByRole('button', { name: /^Select all/ }).click();
  await expect(page.getByText(/^[\d,]{4,}\+? selected$/)).toBeVisible();
  const bar = page.getByRole('region', { name: 'With the selected rows' });
  await bar.getByRole('button', { name: 'Export' }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Export to edit and import again' }).click()]);
  expect((await readFile(await file.path(), 'utf8')).split('\n').length).toBeGreaterThan(2000);
  await page.getByRole('button', { name: 'Clear selection' }).click();
  await expect(bar).toBeHidden();

  await page.getByRole('button', { name: 'Add a filter' }).click();
  await page.getByRole('menuitem', { name: 'available' }).click();
  await page.getByRole('textbox', { name: 'available below' }).fill('3');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/stockBelow=3/);
  await page.getByRole('button', { name: 'Keep these filters as a view' }).click();
  await page.getByRole('textbox', { name: 'Name of the view' }).fill('Nearly gone');
  await page.getByRole('button', { name: 'Keep view' }).click();
  const view = page.getByRole('link', { name: /^Nearly gone/ });
  await expect(view).toHaveAttribute('aria-current', 'page');
  await page.getByRole('button', { name: 'Remove filter: available' }).click();
  await expect(page.getByRole('link', { name: /^Nearly gone, changed/ })).toBeVisible();
  await page.getByRole('button', { name: 'Options of the view Nearly gone' }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  await page.getByRole('button', { name: 'Remove view' }).click();
  await expect(view).toHaveCount(0);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/products\/[\da-f-]{36}$/);
});

test.describe('two people, one product', () => {
  test.use({ refusals: [409] });
  test('a stale save shows both versions and saves what is chosen', async ({ page, context, api }) => {
    const { id } = await makeProduct(api, { sku: 'TWO-WINDOWS', title: 'Copper pot', brand: 'Levant', price: '80.00' });
    const other = await context.newPage();
    await page.goto(`/products/${id}`);
    await other.goto(`/products/${id}`);
    const title = page.getByRole('textbox', { name: 'Title' });
    await title.fill('Copper pot, mine');
    await page.getByRole('textbox', { name: 'Price', exact: true }).fill('85,50');

    await other.getByRole('textbox', { name: 'Title' }).fill('Copper pot, theirs');
    await other.getByRole('textbox', { name: 'VAT' }).fill('19');
    await other.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(other.getByRole('heading', { level: 1, name: 'Copper pot, theirs' })).toBeVisible();

    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const clash = page.getByRole('table', { name: 'Somebody saved first' });
    await expect(clash.getByRole('row')).toHaveCount(4);
    await expect(clash.getByRole('row', { name: /Copper pot, theirs.*Copper pot, mine/s })).toBeVisible();
    await clash
      .getByRole('row', { name: /^Title/ })
      .getByText('Take theirs')
      .click();
    await page.getByRole('button', { name: 'Save again' }).click();
    await expect(clash).toBeHidden();
    await expect(page.getByRole('heading', { level: 1, name: 'Copper pot, theirs' })).toBeVisible();
    await expect(title).toHaveValue('Copper pot, theirs');
    expect(await (await api.get(`/api/products/${id}`)).json()).toMatchObject({
      title: 'Copper pot, theirs',
      vatRate: 19,
      price: { amount: '85.50', currency: 'RON' },
    });

    const history = page.getByRole('list', { name: 'History' });
    await expect(history.getByRole('listitem')).toHaveCount(3);
    await history.getByRole('button', { name: 'Undo' }).first().click();
    await expect(page.getByRole('textbox', { name: 'Price', exact: true })).toHaveValue('80.00');
  });

  test('what is typed is not lost by walking away', async ({ page, api }) => {
    const { id } = await makeProduct(api, { sku: 'HALF-TYPED', title: 'Half typed' });
    await page.goto(`/products/${id}`);
    await page.getByRole('textbox', { name: 'Title' }).fill('Half');
    await page
      .getByRole('navigation', { name: 'Parts of this product' })
      .getByRole('link', { name: /^Channels/ })
      .click();
    await expect(page.getByText('Not offered anywhere yet')).toBeVisible();
    await page
      .getByRole('link', { name: /^Orders/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Stay' }).click();
    await page.getByRole('link', { name: 'Details' }).click();
    await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Half');
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Half typed');
  });

  test('a product is made, refused where it must be, and deleted', async ({ page, api }) => {
    await makeProduct(api, { sku: 'TAKEN-1', title: 'It has this SKU' });
    await page.goto('/products/new');
    await page.getByRole('textbox', { name: 'SKU' }).fill('TAKEN-1');
    await page.getByRole('button', { name: 'Create product' }).click();
    await expect(page.getByText('Fill this in').first()).toBeVisible();
    await page.getByRole('textbox', { name: 'Title' }).fill('Walnut board');
    await page.getByRole('textbox', { name: 'Price', exact: true }).fill('1.234,50');
    await page.getByRole('button', { name: 'Add an attribute' }).click();
    await page.getByRole('textbox', { name: 'Attribute 1' }).fill('Material');
    await page.getByRole('textbox', { name: 'Material' }).fill('Walnut');
    await page.getByRole('button', { name: 'Create product' }).click();
    await expect(page.getByText(/Another product already has the SKU/)).toBeVisible();
    await page.getByRole('textbox', { name: 'SKU' }).fill('BOARD-NEW');
    await page.getByRole('button', { name: 'Create product' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Walnut board' })).toBeVisible();
    const id = page.url().split('/').at(-1) ?? '';
    expect(await (await api.get(`/api/products/${id}`)).json()).toMatchObject({
      sku: 'BOARD-NEW',
      price: { amount: '1234.50' },
      attributes: { Material: 'Walnut' },
    });
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete product' }).click();
    await expect(page).toHaveURL(/\/products$/);
    expect((await api.get(`/api/products/${id}`)).status()).toBe(404);
  });
});

test('a file with problems is imported, told, and taken back', async ({ page, api }) => {
  const kept = await makeProduct(api, { sku: 'IMP-OLD', title: 'Was here before', price: '10.00' });
  const file = [
    'SKU,Title,Price,Currency,Tags,Colour of dreams',
    'IMP-1,"Imported lamp, brass",129.90,RON,"lamp, brass",x',
    'IMP-2,Imported cup,abc,RON,cup,y',
    'IMP-3,,15.00,RON,,z',
    'IMP-OLD,Has a new title,12.00,RON,,',
    ',Has no SKU,12.00,RON,,',
  ].join('\n');
  await page.goto('/products/import');
  await page.getByLabel('Import a file').setInputFiles({ name: 'lamps.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page).toHaveURL(/run=/);
  await expect(page.getByText('What it did')).toBeVisible();
  const figure = (name: string) => page.getByText(name, { exact: true }).locator('..');
  await expect(figure('Created')).toHaveText('Created1');
  await expect(figure('Updated')).toHaveText('Updated1');
  await expect(figure('Refused')).toHaveText('Refused3');
  await expect(page.getByText('Colour of dreams')).toBeVisible();
  const problems = page.getByRole('table', { name: 'Problems' });
  await expect(problems.getByRole('row', { name: /IMP-2.*abc/ })).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download all as CSV' }).click()]);
  expect(await readFile(await download.path(), 'utf8')).toContain('IMP-3');

  // The address of the run opens the same page again.
  await page.reload();
  await expect(figure('Created')).toHaveText('Created1');
  expect(await (await api.get(`/api/products/${kept.id}`)).json()).toMatchObject({ title: 'Has a new title' });
  await page.getByRole('button', { name: 'Undo this import' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo this import' }).click();
  await expect(page.getByText(/as they were before/)).toBeVisible();
  expect(await (await api.get(`/api/products/${kept.id}`)).json()).toMatchObject({ title: 'Was here before', price: { amount: '10.00' } });
  await page.goto('/products?q=IMP-1');
  await expect(page.getByText('Nothing fits these filters')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page.getByRole('row').nth(3)).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });
  test('products are cards, and nothing is wider than the screen', async ({ page }) => {
    for (const address of ['/products', '/products/new', '/products/import', '/inventory']) {
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await page.waitForLoadState('networkidle');
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), address).toBe(true);
    }
    await page.goto('/products');
    await page.getByRole('gridcell').first().click();
    await expect(page).toHaveURL(/\/products\/[\da-f-]{36}$/);
    await expect(page.getByRole('textbox', { name: 'Title' })).toBeVisible();
  });
});

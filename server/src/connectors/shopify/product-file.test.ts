import { expect, test } from 'vitest';
import { productFile } from './product-file.ts';

const generations = {
  'headings since 2024':
    'Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,Option1 name,Option1 value,Option1 Linked To,Option2 name,Option2 value,Option2 Linked To,Option3 name,Option3 value,Option3 Linked To,Price,Compare-at price,Cost per item,Charge tax,Tax code,Inventory tracker,Inventory quantity,Continue selling when out of stock,Weight value (grams),Weight unit for display,Requires shipping,Fulfillment service,Product image URL,Image position,Image alt text,Variant image URL,Gift card,SEO title,SEO description',
  'older headings':
    'Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option1 Linked To,Option2 Name,Option2 Value,Option2 Linked To,Option3 Name,Option3 Value,Option3 Linked To,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Fulfillment Service,Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Variant Barcode,Image Src,Image Position,Image Alt Text,Gift Card,SEO Title,SEO Description,Variant Image,Variant Weight Unit,Variant Tax Code,Cost per item,Included / Romania,Price / Romania,Compare At Price / Romania,Status',
};
const headingFor = (field: string, headings: readonly string[]): string | undefined =>
  productFile.columns[field]?.find((alias) => headings.some((heading) => heading.trim().toLowerCase() === alias.toLowerCase()));

test.each(Object.entries(generations))('a file with %s gives every field', (_name, line) => {
  const headings = line.split(',');
  const missing = Object.keys(productFile.columns).filter((field) => headingFor(field, headings) === undefined);
  expect(missing).toEqual([]);
  // One heading never feeds two fields.
  const used = Object.keys(productFile.columns).map((field) => headingFor(field, headings)!.toLowerCase());
  expect(new Set(used).size).toBe(used.length);
});

test('our own headings are not taken for a Shopify file', () => {
  const ours = ['handle', 'title', 'sku', 'option1_name', 'option1_value', 'price'];
  expect(productFile.recognisedBy.every((field) => headingFor(field, ours) !== undefined)).toBe(false);
});

test('what is inherited or grouped by is a field of the file', () => {
  for (const field of [...productFile.recognisedBy, ...(productFile.inherited ?? []), productFile.groupBy!]) expect(productFile.columns).toHaveProperty(field);
});

import type { ImportProfile } from '../connector.ts';

/**
 * Shopify's product file, as the admin exports it: headings of 2024 and later first, then the older ones that many files still have.
 * A file without option columns is too close to a plain list to be told apart and is read as such.
 */
export const productFile: ImportProfile = {
  id: 'shopify',
  name: 'Shopify product export',
  recognisedBy: ['handle', 'title', 'option1_name', 'option1_value'],
  columns: {
    handle: ['URL handle', 'Handle'],
    title: ['Title'],
    description: ['Description', 'Body (HTML)'],
    brand: ['Vendor'],
    category: ['Product category', 'Type'],
    tags: ['Tags'],
    status: ['Status'],
    published: ['Published on online store', 'Published'],
    sku: ['SKU', 'Variant SKU'],
    barcode: ['Barcode', 'Variant Barcode'],
    option1_name: ['Option1 name'],
    option1_value: ['Option1 value'],
    option2_name: ['Option2 name'],
    option2_value: ['Option2 value'],
    option3_name: ['Option3 name'],
    option3_value: ['Option3 value'],
    price: ['Price', 'Variant Price'],
    compare_at_price: ['Compare-at price', 'Variant Compare At Price'],
    cost: ['Cost per item'],
    weight_grams: ['Weight value (grams)', 'Variant Grams'],
    stock: ['Inventory quantity', 'Variant Inventory Qty'],
    image_url: ['Product image URL', 'Image Src'],
    image_position: ['Image position'],
    image_alt: ['Image alt text'],
    variant_image_url: ['Variant image URL', 'Variant Image'],
    requires_shipping: ['Requires shipping', 'Variant Requires Shipping'],
    taxable: ['Charge tax', 'Variant Taxable'],
  },
  groupBy: 'handle',
  inherited: ['title', 'description', 'brand', 'category', 'tags', 'status', 'published', 'option1_name', 'option2_name', 'option3_name'],
  singleVariant: { optionName: 'Title', optionValue: 'Default Title' },
};

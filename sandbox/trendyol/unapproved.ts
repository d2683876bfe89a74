import type { Answer } from '../platform.ts';
import type { Product } from './catalog.ts';
import { barcodeFilter, commonFilters, dates, descriptionOf, envelope, offsetPage, pictures, readToken } from './product-lists.ts';
import { Query } from './request.ts';
import type { Request, Route } from './request.ts';

export const unapprovedRoute: Route = {
  method: 'GET',
  pattern: '/product/sellers/{s}/products/unapproved',
  group: 'productRead',
  run: listUnapproved,
};

function listUnapproved(request: Request): Answer {
  const { switches } = request.market;
  const query = new Query(request, 'product');
  const size = query.integer('size', 1, 1000, 50);
  const page = offsetPage(query, size);
  const barcodes = barcodeFilter(query);
  const tests = commonFilters(query);
  const status = query.oneOf('status', ['rejected', 'pendingApproval']);
  const type = query.oneOf('dateQueryType', ['CREATED_DATE', 'LAST_MODIFIED_DATE']) ?? 'LAST_MODIFIED_DATE';
  const [from = 0, to = Infinity] = dates(query);
  const moment = (product: Product): number => (type === 'CREATED_DATE' ? product.createdAt : product.modifiedAt);
  const rows = request.front.catalog
    .unapproved()
    .filter(
      (product) =>
        (!barcodes || barcodes.includes(product.barcode)) &&
        tests.every((test) => test(product)) &&
        (!status || status === stateOf(product)) &&
        moment(product) >= from &&
        moment(product) <= to,
    );
  const token = readToken(query, 2);
  const start = token
    ? rows.findIndex((product) => product.createdAt > (token[0] ?? 0) || (product.createdAt === token[0] && product.variantId > (token[1] ?? 0)))
    : page * size;
  const shown = start < 0 ? [] : rows.slice(start, start + size);
  const last = shown.at(-1);
  const content = shown.map((product) => ({
    supplierId: request.seller.sellerId,
    productMainId: product.productMainId,
    status: stateOf(product),
    createDateTime: product.createdAt,
    lastUpdateDate: product.modifiedAt,
    lastPriceChangeDate: product.priceModifiedAt,
    lastStockChangeDate: product.stockModifiedAt,
    brand: product.brand,
    category: product.category,
    barcode: product.barcode,
    title: product.title,
    description: descriptionOf(product),
    quantity: product.quantity,
    listPrice: product.listPrice,
    salePrice: product.salePrice,
    cargoProviders: [],
    docNeeded: false,
    vatRate: product.vatRate,
    dimensionalWeight: product.dimensionalWeight,
    stockCode: product.stockCode,
    origin: product.origin,
    [switches.unapprovedPictures]: pictures(product),
    attributes: product.attributes,
    rejectReasonDetails: product.rejectReasons.map((reason) => ({ rejectReason: reason, rejectReasonDetail: reason })),
    locationBasedDelivery: 'DISABLED',
    lotNumber: null,
    sgrPrice: null,
    specialConsumptionTax: null,
  }));
  return envelope(rows.length, page, size, last && [last.createdAt, last.variantId], content);
}

const stateOf = (product: Product): 'rejected' | 'pendingApproval' => (product.rejectReasons.length > 0 ? 'rejected' : 'pendingApproval');

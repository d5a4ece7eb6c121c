/** What the AWS Price List answers. */
import { z } from 'zod';

/**
 * A product as GetProducts gives it, as JSON in a text.
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html (read 2026-11-21)
 */
export const priceListProductSchema = z.object({
  product: z.object({ sku: z.string(), attributes: z.record(z.string(), z.string()) }),
  terms: z.object({
    OnDemand: z
      .record(
        z.string(),
        z.object({
          effectiveDate: z.string(),
          priceDimensions: z.record(
            z.string(),
            z.object({
              unit: z.string(),
              beginRange: z.string(),
              endRange: z.string(),
              pricePerUnit: z.record(z.string(), z.string()),
            }),
          ),
        }),
      )
      .optional(),
  }),
});
export type PriceListProduct = z.infer<typeof priceListProductSchema>;

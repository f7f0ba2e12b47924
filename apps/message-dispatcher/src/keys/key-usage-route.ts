import { KeyUsagesSchema, USAGE_MINUTES } from '@runnel/contracts/api/key-usage'
import { ProblemSchema, type HttpServer } from '@runnel/http'
import { listUsage } from '@runnel/repositories-access'
import type { Database, RunQuery } from '@runnel/repositories-database'
import { Type } from 'typebox'

const UsageQuery = Type.Object(
  {
    minutes: Type.Optional(
      Type.Integer({
        minimum: USAGE_MINUTES.min,
        maximum: USAGE_MINUTES.max,
        description: `How long before now it begins. Default: ${USAGE_MINUTES.default}`,
      }),
    ),
  },
  { additionalProperties: false },
)

/** What keys did, at all replicas together. */
export function addKeyUsageRoute(http: HttpServer, database: Database, runQuery: RunQuery): void {
  http.get(
    '/api/v1/keys/usage',
    {
      config: { access: 'keys:read' },
      schema: {
        tags: ['keys'],
        summary: 'Requests, refusals, events and bytes of each key, over the last minutes',
        querystring: UsageQuery,
        response: { 200: KeyUsagesSchema, default: ProblemSchema },
      },
    },
    async ({ query }) => {
      const { from, keys } = await runQuery(() => listUsage(database, query.minutes ?? USAGE_MINUTES.default))
      return { from: from.toISOString(), items: [...keys] }
    },
  )
}

import { AddressesSchema } from '@runnel/contracts/api/addresses'
import {
  createHostCheck,
  DEFAULT_HTTP_OPTIONS,
  ProblemSchema,
  type HttpOptions,
  type HttpServer,
} from '@runnel/http'
import { Type } from 'typebox'
import { addressAtHost } from '../address-at-host.ts'
import type { Services } from '../services.ts'

interface AddressOptions {
  readonly services: Services
  /** What to answer for ingest-api; empty or left out: its port, at the host that the caller used. */
  readonly ingestPublicUrl?: string | undefined
  readonly httpOptions?: HttpOptions | undefined
}

/** Where callers reach the other apps, for commands that the console shows: inside, they may have other names. */
export function addAddressRoute(app: HttpServer, options: AddressOptions): void {
  const { services, ingestPublicUrl = '', httpOptions = DEFAULT_HTTP_OPTIONS } = options
  const hosts = createHostCheck(httpOptions)
  app.get(
    '/api/v1/addresses',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['system'],
        summary: 'Where you reach the other apps',
        querystring: Type.Object({}),
        response: { 200: AddressesSchema, default: ProblemSchema },
      },
    },
    async ({ raw }) => ({
      ingest:
        ingestPublicUrl.replace(/\/+$/, '') || addressAtHost(services['ingest-api'], hosts.publicHostOf(raw)),
    }),
  )
}

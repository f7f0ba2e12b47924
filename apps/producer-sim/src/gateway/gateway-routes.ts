import {
  GatewayCallsSchema,
  GatewayStateSchema,
  GatewayStatsSchema,
  type GatewayCalls,
  type GatewayState,
  type GatewayStats,
} from '@runnel/contracts/api/fake-gateway'
import { ProblemSchema, type HttpServer } from '@runnel/http'
import { Type } from 'typebox'
import type { FakeGateway } from './fake-gateway.ts'
import { CallsQuerySchema, GatewayChangeSchema } from './gateway-schemas.ts'
import { modeOf } from './gateway-settings.ts'

const tags = ['gateway']
const problems = { '4xx': ProblemSchema, '5xx': ProblemSchema }

/** The fake gateway over REST: what it does, and what it was asked for. */
export function addGatewayRoutes(app: HttpServer, gateway: FakeGateway): void {
  addSettingRoutes(app, gateway)
  addCallRoutes(app, gateway)
}

function addSettingRoutes(app: HttpServer, gateway: FakeGateway): void {
  const url = '/api/v1/gateway'
  const response = { 200: GatewayStateSchema, ...problems }
  const body = GatewayChangeSchema
  app.get(
    url,
    { config: { access: 'simulator:read' }, schema: { tags, summary: 'What it does', response } },
    () => present(gateway),
  )
  app.put(
    url,
    {
      config: { access: 'simulator:write' },
      schema: { tags, summary: 'Take effect at once; what is missing is as at the start', body, response },
    },
    async (request) => {
      await gateway.replace(request.body)
      return present(gateway)
    },
  )
  app.patch(
    url,
    {
      config: { access: 'simulator:write' },
      schema: { tags, summary: 'Take effect at once; what is missing stays', body, response },
    },
    async (request) => {
      await gateway.change(request.body)
      return present(gateway)
    },
  )
}

function addCallRoutes(app: HttpServer, gateway: FakeGateway): void {
  const url = '/api/v1/gateway/calls'
  app.get(
    '/api/v1/gateway/stats',
    {
      config: { access: 'simulator:read' },
      schema: { tags, summary: 'Calls in numbers', response: { 200: GatewayStatsSchema, ...problems } },
    },
    (): GatewayStats => ({ ...gateway.calls.stats(), refused: gateway.refused }),
  )
  app.get(
    url,
    {
      config: { access: 'simulator:read' },
      schema: {
        tags,
        summary: 'Calls in the order in which they came',
        querystring: CallsQuerySchema,
        response: { 200: GatewayCallsSchema, ...problems },
      },
    },
    ({ query: { limit, cursor = 0 } }): GatewayCalls => {
      const items = gateway.calls.list(cursor, limit)
      const next = cursor + items.length
      return { items, nextCursor: next < gateway.calls.size ? String(next) : null }
    },
  )
  app.delete(
    url,
    {
      config: { access: 'simulator:write' },
      schema: {
        tags,
        summary: 'Forget all calls, and begin the sequence anew',
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (_, reply) => {
      gateway.reset()
      await reply.code(204).send(null)
    },
  )
}

function present(gateway: FakeGateway): GatewayState {
  const { settings } = gateway
  const { down: _down, ...shown } = settings
  return {
    url: gateway.url ?? null,
    mode: modeOf(settings),
    ...shown,
  }
}

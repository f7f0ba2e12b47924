import {
  AppError,
  CHANNELS,
  MAX_WEBHOOK_URL_BYTES,
  SuppressionInputSchema,
  type AddressChannel,
  type ChannelName,
} from '@runnel/contracts'
import { PageSchema } from '@runnel/contracts/api/page'
import { SuppressionSchema, type Suppression } from '@runnel/contracts/api/suppression'
import {
  actorOf,
  decodeCursor,
  encodeCursor,
  encodeIdCursor,
  parseIdCursor,
  ProblemSchema,
  toSizedPage,
  type HttpServer,
} from '@runnel/http'
import type { Database, RunQuery } from '@runnel/repositories-database'
import {
  addSuppressedAddress,
  addSuppression,
  findSuppressedAddress,
  findSuppression,
  listSuppressedAddresses,
  listSuppressions,
  removeSuppressedAddress,
  removeSuppression,
  type StoredSuppressedAddress,
  type StoredSuppression,
} from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import { pageParameters } from '../../requests/page-parameters.ts'
import { parseAddress } from '../parse-address.ts'
import { parsePhone } from '../parse-phone.ts'
import { toSuppressedAddress, toSuppression } from './read-suppression.ts'

export const SUPPRESSIONS_URL = '/api/v1/suppressions'

export const suppressionTags = ['suppression list']

/** Parameter of every route of the list. */
export const suppressionChannel = Type.Optional(
  Type.Unsafe<ChannelName>({
    type: 'string',
    enum: [...CHANNELS],
    description:
      'Of whose addresses it is: gateway (default; phones, which get no messages of any channel), email or webhook',
  }),
)

const PhoneParameters = Type.Object({
  phone: Type.String({
    maxLength: MAX_WEBHOOK_URL_BYTES,
    description: 'Phone in international form; of other channels their address',
  }),
})

const ChannelQuery = Type.Object({ channel: suppressionChannel }, { additionalProperties: false })

const ListQuery = Type.Object(
  {
    ...pageParameters,
    channel: suppressionChannel,
    address: Type.Optional(
      Type.String({ maxLength: MAX_WEBHOOK_URL_BYTES, description: 'Only this address of the channel' }),
    ),
    phone: Type.Optional(Type.String({ maxLength: 64, description: 'Only this phone' })),
  },
  { additionalProperties: false },
)

interface AddressPage {
  readonly limit: number
  readonly cursor?: string | undefined
  readonly address?: string | undefined
}

interface SuppressionRoutesOptions {
  readonly database: Database
  readonly runQuery: RunQuery
}

/** The suppression list: phones that get no messages, whatever becomes of their clients. */
export function addSuppressionRoutes(http: HttpServer, options: SuppressionRoutesOptions): void {
  addReads(http, options)
  const { database, runQuery } = options
  http.post(
    SUPPRESSIONS_URL,
    {
      config: { access: 'clients:write' },
      schema: {
        tags: suppressionTags,
        summary: 'Put a phone or address on the suppression list; one that is there stays as it is',
        body: SuppressionInputSchema,
        response: { 200: SuppressionSchema, 201: SuppressionSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const origin = { source: 'api', actor: actorOf(request) } as const
      const { channel = 'gateway' } = request.body
      if (channel !== 'gateway') {
        const wanted = toSuppressedAddress(request.body, channel)
        const { stored, created } = await runQuery(() =>
          addSuppressedAddress(database, channel, wanted, origin),
        )
        return reply.code(created ? 201 : 200).send(presentAddress(stored))
      }
      const wanted = toSuppression(request.body)
      const { stored, created } = await runQuery(() => addSuppression(database, wanted, origin))
      return reply.code(created ? 201 : 200).send(present(stored))
    },
  )
  http.delete(
    `${SUPPRESSIONS_URL}/:phone`,
    {
      config: { access: 'clients:write' },
      schema: {
        tags: suppressionTags,
        summary: 'Take a phone or address off the suppression list: its client gets messages again',
        params: PhoneParameters,
        querystring: ChannelQuery,
        response: { 204: Type.Null(), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { channel = 'gateway' } = request.query
      if (channel !== 'gateway') {
        const address = parseAddress[channel](request.params.phone, 'phone')
        if (!(await runQuery(() => removeSuppressedAddress(database, channel, address, actorOf(request)))))
          throw addressNotListed(address)
        return reply.code(204).send(null)
      }
      const { number } = parsePhone(request.params.phone, { field: 'phone' })
      if (!(await runQuery(() => removeSuppression(database, number, actorOf(request)))))
        throw notListed(number)
      return reply.code(204).send(null)
    },
  )
}

function addReads(http: HttpServer, { database, runQuery }: SuppressionRoutesOptions): void {
  const listAddresses = async (channel: AddressChannel, { limit, cursor, address }: AddressPage) => {
    if (address !== undefined) {
      const key = parseAddress[channel](address, 'address')
      const found = await runQuery(() => findSuppressedAddress(database, channel, key))
      return { items: found ? [presentAddress(found)] : [], nextCursor: null }
    }
    const after = cursor === undefined ? undefined : decodeCursor(cursor, 'suppressedAddresses').text
    const items = await runQuery(() => listSuppressedAddresses(database, channel, limit + 1, after))
    const page = { items: items.slice(0, limit), more: items.length > limit }
    return toSizedPage(page, presentAddress, (last) => encodeCursor('suppressedAddresses', last.address))
  }
  http.get(
    SUPPRESSIONS_URL,
    {
      config: { access: 'clients:read' },
      schema: {
        tags: suppressionTags,
        summary: 'List the phones of the suppression list, or the addresses of a channel, in their order',
        querystring: ListQuery,
        response: { 200: PageSchema(SuppressionSchema), default: ProblemSchema },
      },
    },
    async ({ query: { limit, cursor, phone, address, channel = 'gateway' } }) => {
      if (channel !== 'gateway') return listAddresses(channel, { limit, cursor, address })
      if (phone !== undefined) {
        const { number } = parsePhone(phone, { field: 'phone' })
        const found = await runQuery(() => findSuppression(database, number))
        return { items: found ? [present(found)] : [], nextCursor: null }
      }
      const after = parseIdCursor('suppressions', cursor)
      const items = await runQuery(() => listSuppressions(database, limit + 1, after))
      const page = { items: items.slice(0, limit), more: items.length > limit }
      return toSizedPage(page, present, (last) => encodeIdCursor('suppressions', last.phone))
    },
  )
  http.get(
    `${SUPPRESSIONS_URL}/:phone`,
    {
      config: { access: 'clients:read' },
      schema: {
        tags: suppressionTags,
        summary: 'Read an entry of the suppression list',
        params: PhoneParameters,
        querystring: ChannelQuery,
        response: { 200: SuppressionSchema, default: ProblemSchema },
      },
    },
    async ({ params, query: { channel = 'gateway' } }) => {
      if (channel !== 'gateway') {
        const address = parseAddress[channel](params.phone, 'phone')
        const found = await runQuery(() => findSuppressedAddress(database, channel, address))
        if (!found) throw addressNotListed(address)
        return presentAddress(found)
      }
      const { number } = parsePhone(params.phone, { field: 'phone' })
      const found = await runQuery(() => findSuppression(database, number))
      if (!found) throw notListed(number)
      return present(found)
    },
  )
}

function notListed(phone: number): AppError {
  return new AppError('not_found', `The phone ${phone} is not on the suppression list`, { field: 'phone' })
}

function addressNotListed(address: string): AppError {
  return new AppError('not_found', `The address ${address} is not on the suppression list of this channel`, {
    field: 'phone',
  })
}

function presentAddress({ optedOutAt, addedAt, ...entry }: StoredSuppressedAddress): Suppression {
  return { ...entry, phone: null, optedOutAt: optedOutAt.toISOString(), addedAt: addedAt.toISOString() }
}

function present({ phone, optedOutAt, addedAt, ...entry }: StoredSuppression): Suppression {
  return {
    ...entry,
    ...{ channel: 'gateway', mailingId: null, address: String(phone) },
    phone: String(phone),
    optedOutAt: optedOutAt.toISOString(),
    addedAt: addedAt.toISOString(),
  }
}

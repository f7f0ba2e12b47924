import { AppError, type JsonObject } from '@runnel/contracts'
import {
  ChangedClientsSchema,
  ClientChangeCountSchema,
  ClientChangePreviewSchema,
  ClientChangesSchema,
  type ClientChangePreview,
} from '@runnel/contracts/api/client-change'
import { actorOf, encodeIdCursor, parseIdCursor, ProblemSchema, type HttpServer } from '@runnel/http'
import { createRunQuery, type RunQuery } from '@runnel/repositories-database'
import {
  changeClientBlock,
  countClientChange,
  type ChangeBlockOptions,
  type ClientChange,
  type ClientFilter,
} from '@runnel/repositories-mailings'
import type { Deps } from '../deps.ts'
import { parseClientFilter } from './client-query.ts'
import { parsePhone } from './parse-phone.ts'

const URL = '/api/v1/clients/changes'

/** Each reads every client: more at once would take the connections that sending needs. */
const MAX_COUNTS = 2
/** Milliseconds after which a request begins no further block; the caller continues from nextCursor. */
const BUDGET_MS = 5000

interface ClientChangeRoutesOptions extends Pick<Deps, 'database' | 'log' | 'signal'> {
  readonly runQuery: RunQuery
  /** Clients that one change may be about. */
  readonly maxClients: number
}

const tags = ['clients']

/** One change for many clients: counted first, then done as it was counted. */
export function addClientChangeRoutes(http: HttpServer, options: ClientChangeRoutesOptions): void {
  const { database, log, runQuery, signal, maxClients } = options
  const count = createRunQuery(MAX_COUNTS)
  const countChange = async (body: ClientChangePreview, throughId?: number) => {
    const { filter, change } = parseSelection(body)
    const counted = await count(() => countClientChange(database, filter, change, throughId))
    if (counted.toChange > maxClients) throw tooMany(counted.toChange, maxClients)
    return counted
  }
  http.post(
    `${URL}/preview`,
    {
      config: { access: 'clients:write' },
      schema: {
        tags,
        summary: 'Count the clients that a change of many would be about; nothing is changed',
        body: ClientChangePreviewSchema,
        response: { 200: ClientChangeCountSchema, default: ProblemSchema },
      },
    },
    async ({ body }) => {
      const { newestId, ...counted } = await countChange(body)
      return { ...counted, throughId: newestId }
    },
  )
  http.post(
    URL,
    {
      config: { access: 'clients:write' },
      schema: {
        tags,
        summary: 'Give many clients another tag, or opt them out, as a preview has counted them',
        description:
          'Goes on for some seconds, then answers with the cursor of the next request. The same once more changes nothing.',
        body: ClientChangesSchema,
        response: { 200: ChangedClientsSchema, default: ProblemSchema },
      },
    },
    async (request) => {
      const { body } = request
      const { cursor, throughId, toChange, ...detail } = body
      const afterId = parseIdCursor('changedClients', cursor)
      if (afterId === undefined) {
        const counted = await countChange(body, throughId)
        if (counted.toChange !== toChange) throw wrongCount(toChange, counted.toChange)
      }
      const act = { ...parseSelection(body), actor: actorOf(request), throughId, detail: describe(detail) }
      const untilMs = performance.now() + BUDGET_MS
      const done = await changeBlocks(
        (from) => runQuery(() => changeClientBlock(database, { ...act, ...from })),
        afterId ?? 0,
        () => performance.now() < untilMs && !signal.aborted,
      )
      if (done.changed > 0) log.info({ actor: act.actor, changed: done.changed }, 'clients changed')
      return done
    },
  )
}

/** Changes blocks, at least one, until the last client or until `mayContinue` is false. */
async function changeBlocks(
  changeBlock: (
    from: Pick<ChangeBlockOptions, 'afterId' | 'auditId'>,
  ) => ReturnType<typeof changeClientBlock>,
  afterId: number,
  mayContinue: () => boolean,
) {
  let changed = 0
  let auditId: number | undefined
  let throughId: number | undefined = afterId
  do {
    const block = await changeBlock({ afterId: throughId, auditId })
    changed += block.changed
    ;({ auditId, throughId } = block)
  } while (throughId !== undefined && mayContinue())
  return {
    changed,
    nextCursor: throughId === undefined ? null : encodeIdCursor('changedClients', throughId),
  }
}

/** @throws AppError missing_field | invalid_field */
function parseSelection({ filter, phones, change }: ClientChangePreview): {
  readonly filter: ClientFilter
  readonly change: ClientChange
} {
  if ((filter === undefined) === (phones === undefined))
    throw new AppError('missing_field', 'Name the clients by /filter or by /phones, one of the two', {
      field: '/filter',
      expected: '/filter or /phones',
    })
  const { tag, optedOut, reason } = change
  if (tag === undefined && optedOut === undefined)
    throw new AppError(
      'missing_field',
      'There is nothing to change: expected /change/tag or /change/optedOut',
      {
        field: '/change',
        expected: 'tag or optedOut',
      },
    )
  return {
    filter:
      phones === undefined ? parseClientFilter(filter ?? {}, '/filter/') : { phones: parsePhones(phones) },
    change: { tag, ...(optedOut && { optOut: { reason } }) },
  }
}

function parsePhones(phones: readonly string[]): number[] {
  return phones.map((phone, i) => parsePhone(phone, { field: `/phones/${i}` }).number)
}

/** A list of phones is too long for an entry of the audit log. */
function describe({ phones, ...rest }: ClientChangePreview): object {
  return { ...rest, ...(phones && { phones: phones.length }) } satisfies JsonObject
}

function tooMany(count: number, max: number): AppError {
  return new AppError(
    'conflict',
    `${count} clients would change, and one change may be about ${max}: narrow the filter, or raise CLIENT_CHANGE_MAX`,
    { field: 'toChange', expected: `at most ${max}`, extra: { toChange: count } },
  )
}

function wrongCount(expected: number, count: number): AppError {
  return new AppError(
    'conflict',
    `${count} clients would change, not ${expected}: nothing was changed. Ask for a preview again, and send its count`,
    { field: 'toChange', expected: String(count), extra: { toChange: count } },
  )
}

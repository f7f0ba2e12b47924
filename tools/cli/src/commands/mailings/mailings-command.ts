import { MAILING_STATUSES, type MailingStatus } from '@runnel/contracts'
import { wholeNumber } from '@runnel/producer-sim/cli'
import { Command, Option } from 'commander'
import type { CliContext } from '../../cli-context.ts'
import { usageError } from '../../cli-error.ts'
import { connect, type Connection } from '../../connection/connect.ts'
import { requireData } from '../../connection/problem.ts'
import { addConnectionOptions, type ConnectionOptions } from '../../options/connection-options.ts'
import { note, printJson, printLine } from '../../output/print.ts'
import { printItem, printItems } from '../../output/print-item.ts'
import { showMinute } from '../../output/show-time.ts'
import { showText } from '../../output/show-text.ts'
import { createCreateCommand } from './create-command.ts'
import { describeMailing, describeProgress } from './describe-mailing.ts'

interface ListOptions extends ConnectionOptions {
  readonly status?: MailingStatus
  readonly limit: number
}

interface TestOptions extends ConnectionOptions {
  readonly phone?: readonly string[]
  readonly client?: readonly string[]
}

/** What may be done to a mailing, and how it is called. */
const CHANGES = {
  start: ['start a draft, at its start time', '/api/v1/mailings/{id}/schedule'],
  pause: ['send nothing more, until it is resumed', '/api/v1/mailings/{id}/pause'],
  resume: ['go on with a mailing that is paused', '/api/v1/mailings/{id}/resume'],
  cancel: ['end it for good', '/api/v1/mailings/{id}/cancel'],
} as const

const MAX_LIMIT = 100
const parseId = wholeNumber(1)
const list = (value: string, values: readonly string[] = []) => [...values, value]

export function createMailingsCommand(context: CliContext): Command {
  const mailings = new Command('mailings')
    .description('mailings: list, show, create, test, start, pause, resume, cancel')
    .addCommand(createListCommand(context))
    .addCommand(createShowCommand(context))
    .addCommand(createCreateCommand(context))
    .addCommand(createTestCommand(context))
  for (const name of Object.keys(CHANGES) as (keyof typeof CHANGES)[])
    mailings.addCommand(createChangeCommand(name, context))
  return mailings
}

function createListCommand(context: CliContext): Command {
  const command = new Command('list')
    .description('mailings, the newest first')
    .addOption(new Option('--status <status>', 'those in this state alone').choices(MAILING_STATUSES))
    .option('--limit <n>', 'most mailings', wholeNumber(1, MAX_LIMIT), 20)
  return addConnectionOptions(command).action(async ({ status, limit, ...options }: ListOptions) => {
    const query = { limit, ...(status && { status }) }
    const { dispatcher } = connect(options, context)
    const { items } = requireData(await dispatcher.GET('/api/v1/mailings', { params: { query } }))
    await printItems(
      items,
      options,
      {
        ID: ({ id }) => String(id),
        STATUS: ({ status }) => status,
        NAME: ({ name }) => showText(name),
        MESSAGES: ({ messageCount }) => String(messageCount),
        START: ({ start }) => showMinute(start),
        END: ({ end }) => showMinute(end),
      },
      context,
    )
  })
}

function createShowCommand(context: CliContext): Command {
  const command = new Command('show')
    .description('one mailing, and how far it is')
    .argument('<id>', 'of the mailing', parseId)
  return addConnectionOptions(command).action(async (id: number, options: ConnectionOptions) => {
    const { dispatcher, query } = connect(options, context)
    const path = { params: { path: { id } } }
    const mailing = requireData(await dispatcher.GET('/api/v1/mailings/{id}', path))
    const statsPath = { params: { path: { id: String(id) } } }
    const stats = requireData(await query.GET('/api/v1/mailings/{id}/stats', statsPath))
    if (options.json) return printJson(context, { ...mailing, stats })
    for (const line of [...describeMailing(mailing), ...describeProgress(stats)])
      await printLine(context, line)
  })
}

function createChangeCommand(name: keyof typeof CHANGES, context: CliContext): Command {
  const [description, route] = CHANGES[name]
  const command = new Command(name).description(description).argument('<id>', 'of the mailing', parseId)
  return addConnectionOptions(command).action(async (id: number, options: ConnectionOptions) => {
    const { dispatcher } = connect(options, context)
    const mailing = requireData(await post(dispatcher, route, id))
    await printItem(mailing, options, describeMailing, context)
  })
}

function post(
  dispatcher: Connection['dispatcher'],
  route: (typeof CHANGES)[keyof typeof CHANGES][1],
  id: number,
) {
  return dispatcher.POST(route, { params: { path: { id } }, body: {} })
}

function createTestCommand(context: CliContext): Command {
  const command = new Command('test')
    .description('send the text of a mailing to a few named clients now')
    .argument('<id>', 'of the mailing', parseId)
    .option('--phone <phone>', 'of a client; may be repeated', list)
    .option('--client <id>', 'id of a client; may be repeated', list)
  return addConnectionOptions(command).action(async (id: number, options: TestOptions) => {
    const { phone = [], client = [] } = options
    if (phone.length + client.length === 0) throw usageError('Name who gets it, with --phone or --client')
    const { dispatcher } = connect(options, context)
    const sent = await dispatcher.POST('/api/v1/mailings/{id}/test-sends', {
      params: { path: { id } },
      body: { phones: [...phone], clientIds: client.map(parseId) },
    })
    const test = requireData(sent)
    if (options.json) return printJson(context, test)
    note(context, `The test is mailing ${test.id}: runnel mailings show ${test.id}`)
  })
}

import type { MailingInput } from '@runnel/contracts'
import { wholeNumber } from '@runnel/producer-sim/cli'
import { Command, InvalidArgumentError, Option } from 'commander'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { CliContext } from '../../cli-context.ts'
import { usageError } from '../../cli-error.ts'
import { connect } from '../../connection/connect.ts'
import { requireData } from '../../connection/problem.ts'
import { addConnectionOptions, type ConnectionOptions } from '../../options/connection-options.ts'
import { TIME_HELP, timeOption } from '../../options/parse-time.ts'
import { note } from '../../output/print.ts'
import { printItem } from '../../output/print-item.ts'
import { confirm } from './confirm.ts'
import { describeAudience, describeMailing, describeWarnings, describeWindow } from './describe-mailing.ts'

interface CreateOptions extends ConnectionOptions {
  readonly name?: string
  readonly text?: string
  readonly textFile?: string
  readonly subject?: string
  readonly channel?: 'gateway' | 'email' | 'webhook'
  readonly tag?: readonly string[]
  readonly operatorCode?: readonly string[]
  readonly start?: string
  readonly end: string
  readonly window?: { readonly from: string; readonly to: string }
  readonly rate?: number
  readonly draft?: boolean
  readonly idempotencyKey?: string
  readonly yes?: boolean
}

const MAX_RATE = 1_000_000

const HELP = `
Whom it reaches, the first texts and warnings are shown before anything is stored; then it has to be confirmed, by hand or with
--yes. A draft sends nothing before it is started: runnel mailings start <id>.

  runnel mailings create --name Sale --text 'Hello {{ attributes.name }}' --tag gold --window 09:00-21:00 --end +7d`

const list = (value: string, values: readonly string[] = []) => [...values, value]

export function createCreateCommand(context: CliContext): Command {
  const command = new Command('create')
    .description('create a mailing, after it is shown and confirmed')
    .option('--name <text>', 'for people')
    .option(
      '--text <template>',
      'what each client gets: Liquid, with phone, tag, timeZone, attributes.<name>',
    )
    .option('--text-file <file>', 'the same, from a file')
    .option('--subject <template>', 'of e-mails')
    .addOption(new Option('--channel <name>', 'how it goes out').choices(['gateway', 'email', 'webhook']))
    .option('--tag <tag>', 'clients with this tag; may be repeated (default: all)', list)
    .option('--operator-code <code>', 'clients of this operator; may be repeated (default: all)', list)
    .option('--start <time>', `${TIME_HELP} (default: now)`, timeOption(context.nowMs))
    .requiredOption('--end <time>', 'nothing is sent from then on', timeOption(context.nowMs))
    .option(
      '--window <from-to>',
      'hours in the time of each client, e.g. 09:00-21:00 (default: all day)',
      parseWindow,
    )
    .option('--rate <n>', 'most messages a second', wholeNumber(1, MAX_RATE))
    .option('--draft', 'send nothing before it is started')
    .option('--idempotency-key <key>', 'the same key again answers with the same mailing (default: random)')
    .option('--yes', 'it is confirmed')
  return addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((options: CreateOptions) => create(options, context))
}

async function create(options: CreateOptions, context: CliContext): Promise<void> {
  const { dispatcher } = connect(options, context)
  const body = toInput(options)
  const { name: _name, draft: _draft, ratePerSecond: _rate, ...preview } = body
  const audience = requireData(await dispatcher.POST('/api/v1/mailings/preview', { body: preview }))
  for (const line of describeAudience(audience)) note(context, line)
  const limit = body.ratePerSecond ? `, at most ${body.ratePerSecond} a second` : ''
  note(context, `It is sent ${describeWindow(body.window ?? null)}${limit}, until ${body.end}.`)
  const question = `Send it to ${audience.count} ${audience.count === 1 ? 'client' : 'clients'}?`
  await confirm(question, options.yes === true || options.draft === true, context)
  const created = await dispatcher.POST('/api/v1/mailings', {
    body,
    params: { header: { 'idempotency-key': options.idempotencyKey ?? randomUUID() } },
  })
  const mailing = requireData(created)
  await printItem(mailing, options, describeMailing, context)
  if (!options.json) for (const line of describeWarnings(mailing.warnings)) note(context, line)
}

type Body = MailingInput & { ratePerSecond?: number | null; draft?: boolean }

function toInput(options: CreateOptions): Body {
  const { name, subject, channel, tag, operatorCode, start, end, window, rate, draft } = options
  return {
    ...{ text: readText(options), end },
    ...(name !== undefined && { name }),
    ...(subject !== undefined && { subject }),
    ...(channel !== undefined && { channel }),
    ...(start !== undefined && { start }),
    ...(window !== undefined && { window: { ...window } }),
    ...(rate !== undefined && { ratePerSecond: rate }),
    ...(draft && { draft }),
    ...((tag ?? operatorCode) && {
      filter: { ...(tag && { tags: [...tag] }), ...(operatorCode && { operatorCodes: [...operatorCode] }) },
    }),
  }
}

function readText({ text, textFile }: CreateOptions): string {
  if ((text === undefined) === (textFile === undefined)) throw usageError('Give either --text or --text-file')
  if (text !== undefined) return text
  try {
    return readFileSync(textFile!, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw usageError(`--text-file cannot be read: ${(error as Error).message}`)
  }
}

function parseWindow(text: string): { from: string; to: string } {
  const [, from, to] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text) ?? []
  if (from === undefined || to === undefined)
    throw new InvalidArgumentError('expected hours such as 09:00-21:00')
  return { from, to }
}

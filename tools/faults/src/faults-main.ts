import { Command, InvalidArgumentError, Option } from 'commander'
import { BROKER_NAMES, type BrokerName } from './start-broker.ts'
import { POSTGRES_NAMES, type PostgresName } from './start-stores.ts'
import { BrokenPromiseError } from './ensure.ts'
import { startPlatform } from './start-platform.ts'
import { OWN_SCENARIOS, SCENARIOS, type OwnScenarioName, type ScenarioName } from './scenarios.ts'
import { PACED_MODES, parseRates, type Rates } from './oracle/load/paced-modes.ts'
import type { OracleOptions } from './scenarios/oracle.ts'
import type { MailingsOptions } from './scenarios/mailings.ts'

/** `npm run faults`: each scenario on fresh private stores, or on a folder, with real processes. */
const names = [...Object.keys(SCENARIOS), ...Object.keys(OWN_SCENARIOS)]
const SECONDS = 60
/** Those whose troubles need time to meet each other. */
const LONG_SECONDS = { mailings: 300, oracle: 120 } as const
/** What `npm run faults` does by itself: everything at once. */
const DEFAULT = 'oracle'
const ALL = 'all'

type Options = Omit<MailingsOptions & OracleOptions, 'log'>

interface CommandOptions {
  readonly seconds?: number
  readonly minutes?: number
  readonly seed: number
  readonly clients?: number
  readonly deduplication: boolean
  readonly refusedSuffix?: string
  readonly rates?: Rates
  readonly broker?: BrokerName
  readonly postgres?: PostgresName
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1')
  return value
}

function readRates(text: string): Rates {
  try {
    return parseRates(text)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}

async function runScenario(name: string, options: Options): Promise<boolean> {
  const start = Date.now()
  const log = (line: string) =>
    console.log(`${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s  ${line}`)
  const { seconds, seed, clients, deduplicates, broker, postgres } = options
  const more = [
    clients ? ` --clients ${clients}` : '',
    deduplicates === false ? ' --no-deduplication' : '',
    broker ? ` --broker ${broker}` : '',
    postgres ? ` --postgres ${postgres}` : '',
  ]
  console.log(`\n${name} (--seconds ${seconds} --seed ${seed}${more.join('')})`)
  try {
    const run =
      name in OWN_SCENARIOS ? OWN_SCENARIOS[name as OwnScenarioName] : onPlatform(name as ScenarioName)
    await run({ ...options, log })
    log('held')
    return true
  } catch (error) {
    if (!(error instanceof BrokenPromiseError)) throw error
    log(`BROKEN: ${error.message}`)
    return false
  }
}

/** A scenario on a platform of its own. */
function onPlatform(name: ScenarioName): (options: MailingsOptions) => Promise<void> {
  return async (options) => {
    const platform = await startPlatform()
    try {
      await SCENARIOS[name](platform, options)
    } finally {
      await platform.close()
    }
  }
}

const command = new Command('faults')
  .description('Injects faults into Runnel and checks that its promises hold')
  .argument('[scenario...]', `of ${names.join(', ')}, or ${ALL} (default: ${DEFAULT})`)
  .option(
    '--seconds <n>',
    `how long an outage or a load lasts (default: ${SECONDS}; ${Object.entries(LONG_SECONDS)
      .map(([name, seconds]) => `${name}: ${seconds}`)
      .join(', ')})`,
    wholeNumber,
  )
  .option('--minutes <n>', 'the same in minutes', wholeNumber)
  .option('--seed <n>', 'of payloads and moments', wholeNumber, 1)
  .option('--clients <n>', 'of mailings', wholeNumber)
  .option(
    '--refused-suffix <digits>',
    'mailings: phones that end so are refused until all mailings are settled',
  )
  .option(
    '--rates <mode=n,...>',
    `oracle: requests a second, instead of the usual ones, of ${['protocols', ...PACED_MODES].join(', ')}; 0 for none`,
    readRates,
  )
  .addOption(new Option('--broker <name>', 'oracle: over which broker').choices([...BROKER_NAMES]))
  .addOption(
    new Option(
      '--postgres <name>',
      'oracle: one server, or a primary that fails over to a synchronous or asynchronous standby',
    ).choices([...POSTGRES_NAMES]),
  )
  .option('--no-deduplication', 'mailings: the gateway does not recognise a repeat')
  .action(
    async (
      wanted: string[],
      { seed, clients, deduplication, refusedSuffix, rates, broker, postgres, ...length }: CommandOptions,
    ) => {
      const seconds = length.seconds ?? (length.minutes && length.minutes * 60)
      if (wanted.length === 1 && wanted[0] === ALL) wanted = names
      const unknown = wanted.filter((name) => !names.includes(name))
      if (unknown.length > 0)
        command.error(`There is no scenario ${unknown.join(', ')}; there are ${names.join(', ')}`)
      const chosen = wanted.length > 0 ? wanted : [DEFAULT]
      for (const name of chosen) {
        const lasting = seconds ?? LONG_SECONDS[name as keyof typeof LONG_SECONDS] ?? SECONDS
        const options = {
          ...{ seconds: lasting, seed, deduplicates: deduplication },
          ...(clients && { clients }),
          ...(refusedSuffix && { refusedSuffix }),
          ...(rates && { rates }),
          ...(broker && { broker }),
          ...(postgres && { postgres }),
        }
        if (!(await runScenario(name, options))) process.exitCode = 1
      }
    },
  )

await command.parseAsync()

import type { EventKind } from '@runnel/client'
import { isKind, KINDS } from '@runnel/contracts'
import { secondsOption } from '@runnel/producer-sim/cli'
import { Argument, Command, Option } from 'commander'
import type { CliContext } from '../../cli-context.ts'
import { addDeliveryOptions, type DeliveryOptions } from '../send/send-command.ts'
import { importEvents } from './import-events.ts'
import { importPeople, type PeopleKind, type PeopleOptions } from './import-people.ts'

const PEOPLE: readonly PeopleKind[] = ['clients', 'suppressions']
const IMPORT_MS = 3_600_000

const HELP = `
clients, suppressions: CSV with a header, or NDJSON; - is standard input. Lines with errors are named, the others are stored.
logs: .log (each line is a message) or .ndjson. metrics: .csv (timestamp,value, named after the file) or .ndjson.
products: .json (an array) or .ndjson. traces: .ndjson (a span a line). The same file again stores nothing twice.

  runnel import clients people.csv --time-zone Europe/Berlin
  runnel import logs app.log`

const list = (value: string, values: readonly string[] = []) => [...values, value]

export function createImportCommand(context: CliContext): Command {
  const command = new Command('import')
    .description('take a file in: clients, suppressed phones, or events')
    .addArgument(new Argument('<what>', 'what is in it').choices([...PEOPLE, ...KINDS]))
    .argument('<file>')
    .addOption(
      new Option('--format <format>', 'of clients and suppressions (default: by the name)').choices([
        'csv',
        'ndjson',
      ]),
    )
    .option('--time-zone <zone>', 'of new clients whose line has none, e.g. Europe/Berlin')
    .option('--country <code>', 'of phones without the code of their country, e.g. RU')
    .option('--charset <name>', 'encoding of the file (default: recognised)')
    .option('--column <member:name>', 'what a column is, e.g. attributes.city:Town; may be repeated', list)
    .addOption(secondsOption('--import-timeout <s>', 'seconds that a file of clients may take', IMPORT_MS))
  return addDeliveryOptions(command)
    .addHelpText('after', HELP)
    .action((what: PeopleKind | EventKind, file: string, options: PeopleOptions & DeliveryOptions) =>
      isKind(what) ? importEvents(what, file, options, context) : importPeople(what, file, options, context),
    )
}

import { Command, InvalidArgumentError } from 'commander'
import { BrokenPromiseError } from './ensure.ts'
import { startPlatform } from './platform.ts'
import { SCENARIOS, type ScenarioName } from './scenarios.ts'

/** `npm run faults`: each scenario on fresh private stores, with real processes. */
const names = Object.keys(SCENARIOS) as ScenarioName[]

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1')
  return value
}

async function runScenario(name: ScenarioName, seconds: number, seed: number): Promise<boolean> {
  const start = Date.now()
  const say = (line: string) =>
    console.log(`${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s  ${line}`)
  console.log(`\n${name} (--seconds ${seconds} --seed ${seed})`)
  const platform = await startPlatform()
  try {
    await SCENARIOS[name](platform, { seconds, seed, say })
    say('held')
    return true
  } catch (error) {
    if (!(error instanceof BrokenPromiseError)) throw error
    say(`BROKEN: ${error.message}`)
    return false
  } finally {
    await platform.close()
  }
}

const command = new Command('faults')
  .description('Does terrible things to Runnel and looks whether its promises hold')
  .argument('[scenario...]', `of ${names.join(', ')} (default: all)`)
  .option('--seconds <n>', 'how long an outage or a load lasts', wholeNumber, 60)
  .option('--seed <n>', 'of payloads and moments', wholeNumber, 1)
  .action(async (wanted: string[], { seconds, seed }: { seconds: number; seed: number }) => {
    const unknown = wanted.filter((name) => !names.includes(name as ScenarioName))
    if (unknown.length > 0)
      command.error(`There is no scenario ${unknown.join(', ')}; there are ${names.join(', ')}`)
    const chosen = wanted.length > 0 ? (wanted as ScenarioName[]) : names
    for (const name of chosen) {
      if (!(await runScenario(name, seconds, seed))) process.exitCode = 1
    }
  })

await command.parseAsync()

import { Command, InvalidArgumentError } from 'commander'
import { BrokenPromiseError } from './ensure.ts'
import { startPlatform } from './platform.ts'
import type { ScenarioOptions } from './scenario.ts'
import { SCENARIOS, type ScenarioName } from './scenarios.ts'
import { standalone } from './scenarios/standalone.ts'

/** `npm run faults`: each scenario on fresh private stores, or on a folder, with real processes. */
const names = [...Object.keys(SCENARIOS), 'standalone']

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1')
  return value
}

async function runScenario(name: string, seconds: number, seed: number): Promise<boolean> {
  const start = Date.now()
  const say = (line: string) =>
    console.log(`${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s  ${line}`)
  console.log(`\n${name} (--seconds ${seconds} --seed ${seed})`)
  try {
    await (name === 'standalone' ? standalone : onPlatform(name as ScenarioName))({ seconds, seed, say })
    say('held')
    return true
  } catch (error) {
    if (!(error instanceof BrokenPromiseError)) throw error
    say(`BROKEN: ${error.message}`)
    return false
  }
}

/** A scenario on a platform of its own. */
function onPlatform(name: ScenarioName): (options: ScenarioOptions) => Promise<void> {
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
  .description('Does terrible things to Runnel and looks whether its promises hold')
  .argument('[scenario...]', `of ${names.join(', ')} (default: all)`)
  .option('--seconds <n>', 'how long an outage or a load lasts', wholeNumber, 60)
  .option('--seed <n>', 'of payloads and moments', wholeNumber, 1)
  .action(async (wanted: string[], { seconds, seed }: { seconds: number; seed: number }) => {
    const unknown = wanted.filter((name) => !names.includes(name))
    if (unknown.length > 0)
      command.error(`There is no scenario ${unknown.join(', ')}; there are ${names.join(', ')}`)
    const chosen = wanted.length > 0 ? wanted : names
    for (const name of chosen) {
      if (!(await runScenario(name, seconds, seed))) process.exitCode = 1
    }
  })

await command.parseAsync()

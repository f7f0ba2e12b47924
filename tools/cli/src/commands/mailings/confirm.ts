import { createInterface } from 'node:readline/promises'
import type { CliContext } from '../../cli-context.ts'
import { CliError, usageError } from '../../cli-error.ts'
import { EXIT } from '../../exit-codes.ts'

/**
 * Asks a person to go on.
 *
 * @param isConfirmed they have said so on the command line
 * @throws CliError where they do not, or nobody is there to ask
 */
export async function confirm(question: string, isConfirmed: boolean, context: CliContext): Promise<void> {
  if (isConfirmed) return
  const { input, err, signal } = context
  if (!input.isTTY)
    throw usageError(
      'Nobody is there to confirm it: nothing was done',
      'Give --yes, or --draft to start it later',
    )
  const prompt = createInterface({ input, output: err })
  try {
    const answer = await prompt.question(`${question} Type yes to go on: `, { signal })
    if (answer.trim().toLowerCase() === 'yes') return
  } finally {
    prompt.close()
  }
  throw new CliError(EXIT.failed, 'Not confirmed: nothing was done', { code: 'not_confirmed' })
}

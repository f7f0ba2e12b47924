import { AppError } from '@runnel/contracts'
import type { RunQuery } from '@runnel/repositories-database'
import { readAudienceSample, type AudienceFilter } from '@runnel/repositories-mailings'
import { orAborted } from '@runnel/runtime'
import type { Deps } from '../deps.ts'
import { compileSubject } from '../template/compile-subject.ts'
import { compileTemplate, type Template } from '../template/compile-template.ts'
import type { TemplateClient } from '../template/template-client.ts'
import { TemplateError } from '../template/template-error.ts'

/** Clients that are looked at, and those with the most attributes of them, for which the text is rendered. */
const SAMPLE_CLIENTS = 100
const RENDERED_CLIENTS = 5

/** Milliseconds of CPU time that one rendering may take; a usual one takes about a hundredth of one. */
const MAX_RENDER_MS = 5

/** The fastest of them counts: the first ones are not compiled yet. */
const ATTEMPTS = 3

/** Milliseconds that the sample may take. */
const WAIT_MS = 2000

/** Stands for clients of whom nothing is known. */
const PLAIN: TemplateClient = {
  phone: 79990000000,
  operatorCode: '999',
  tag: '',
  timeZone: 'UTC',
  attributes: {},
}

/** What is rendered for each client; left out: it stays as it is. */
interface Texts {
  readonly text?: string | undefined
  readonly subject?: string | null | undefined
}

interface Part {
  readonly name: keyof Texts
  readonly template: Template
}

function partsOf({ text, subject }: Texts): Part[] {
  return [
    ...(text === undefined ? [] : [{ name: 'text', template: compileTemplate(text) } as const]),
    ...(subject ? [{ name: 'subject', template: compileSubject(subject) } as const] : []),
  ]
}

/**
 * A text that is slow for one client is slow for many, and takes time from every other mailing. It is judged by the worst of a
 * sample of its audience; where that cannot be read just now, by a client without attributes.
 *
 * @throws AppError invalid_field
 */
export async function requireFastText(
  { database, log }: Pick<Deps, 'database' | 'log'>,
  runQuery: RunQuery,
  { filter, ...texts }: Texts & { readonly filter: AudienceFilter },
): Promise<void> {
  const parts = partsOf(texts)
  // First alone: nothing is read for a text that is slow for everybody.
  for (const part of parts) requireFast(part, PLAIN)
  const sample = await readSample().catch((err: unknown) => {
    log.warn({ err }, 'the audience could not be read; its text is judged without')
    return []
  })
  const sizeOf = ({ attributes }: TemplateClient) => JSON.stringify(attributes).length
  const largest = [...sample].sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, RENDERED_CLIENTS)
  for (const client of largest) for (const part of parts) requireFast(part, client)

  async function readSample(): Promise<readonly TemplateClient[]> {
    const read = runQuery(() => readAudienceSample(database, filter, SAMPLE_CLIENTS))
    return (await orAborted(read, AbortSignal.timeout(WAIT_MS))) ?? []
  }
}

/** Other problems of a text are warnings: they may be those of one client. */
function requireFast({ name, template }: Part, client: TemplateClient): void {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // Of this thread, not of the clock: on a busy machine a good text is no slower.
    const before = process.threadCpuUsage()
    try {
      template.render(client)
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
    }
    const { user, system } = process.threadCpuUsage(before)
    if (user + system <= MAX_RENDER_MS * 1000) return
  }
  throw new AppError(
    'invalid_field',
    `The ${name} takes longer than ${MAX_RENDER_MS} ms to render for one client: it would slow down every other mailing`,
    {
      field: `/${name}`,
      expected: 'one with fewer or shorter loops',
      extra: { problem: 'template_too_slow' },
    },
  )
}

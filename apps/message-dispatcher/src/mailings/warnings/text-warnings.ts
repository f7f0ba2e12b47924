import type { MailingWarning } from '@runnel/contracts/api/mailing-warning'
import type { AudienceClient } from '@runnel/repositories-mailings'
import type { Template } from '../../template/compile-template.ts'
import { TemplateError, type TemplateProblem } from '../../template/template-error.ts'
import { emptyForAll } from './empty-variables.ts'

/** What a template is of. */
type Part = 'text' | 'subject'

const SENTENCES: Readonly<Record<TemplateProblem, (part: Part) => string>> = {
  text_empty: (part) => `the ${part} is empty, and no message can be sent`,
  text_too_long: (part) => `the ${part} is too long, and the message would fail`,
  template_failed: (part) => `the ${part} cannot be rendered, and the message would fail`,
  template_too_slow: (part) => `the ${part} takes too long to render, and the message would fail`,
}

/** Variables that are named, at most. */
const MAX_VARIABLES = 10

/** Milliseconds that rendering a sample may take; clients beyond that are not looked at. */
const RENDER_BUDGET_MS = 200

/** @param sample some of the clients; may be empty */
export function findTextWarnings(
  text: string,
  template: Template,
  sample: readonly AudienceClient[],
): MailingWarning[] {
  if (text.trim() === '')
    return [{ code: 'text_empty', field: '/text', message: 'The text is empty: no message can be sent' }]
  return [...failing(template, sample, 'text'), ...variables(template, sample, 'text')]
}

/** @param sample some of the clients; may be empty */
export function findSubjectWarnings(subject: Template, sample: readonly AudienceClient[]): MailingWarning[] {
  return [...failing(subject, sample, 'subject'), ...variables(subject, sample, 'subject')]
}

function failing(template: Template, sample: readonly AudienceClient[], part: Part): MailingWarning[] {
  const problems: TemplateProblem[] = []
  const untilMs = performance.now() + RENDER_BUDGET_MS
  let looked = 0
  for (const client of sample) {
    if (looked > 0 && performance.now() >= untilMs) break
    looked += 1
    const problem = problemOf(template, client)
    if (problem !== undefined) problems.push(problem)
  }
  return [...Map.groupBy(problems, (problem) => problem)].map(([code, { length }]) => ({
    code,
    field: `/${part}`,
    message: `For ${length} of the ${looked} clients looked at, ${SENTENCES[code](part)}`,
  }))
}

function problemOf(template: Template, client: AudienceClient): TemplateProblem | undefined {
  try {
    template.render(client)
    return undefined
  } catch (error) {
    if (error instanceof TemplateError) return error.reason
    throw error
  }
}

function variables(template: Template, sample: readonly AudienceClient[], part: Part): MailingWarning[] {
  return emptyForAll(template.variables(), sample)
    .slice(0, MAX_VARIABLES)
    .map(({ name, meant }) => ({
      code: 'variable_empty',
      field: `/${part}`,
      message:
        `The variable ${name} is empty for all ${sample.length} clients looked at` +
        (meant === undefined ? '' : `: did you mean ${meant}?`),
    }))
}

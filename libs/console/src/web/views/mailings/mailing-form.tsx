import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { ApiError } from '../../api/api-error.ts'
import { fieldError, isBeside } from '../../api/field-error.ts'
import { Card } from '../../parts/card.tsx'
import { ActionError } from '../../parts/action-error.tsx'
import { Field } from '../../parts/field.tsx'
import { AudienceFields } from './audience-fields.tsx'
import { AudienceCard } from './audience-card.tsx'
import { ChannelFields } from './channel-fields.tsx'
import { checkForm, FORM_FIELDS, hasProblems, type FormField } from './check-form.ts'
import type { FormValues } from './form-values.ts'
import { TextField } from './text-field.tsx'
import { TimeFields } from './time-fields.tsx'
import { useAudience } from './use-audience.ts'

interface MailingFormProps {
  readonly initial: FormValues
  /** It has started: start and audience stay as they are. */
  readonly started?: boolean
  readonly error: ApiError | undefined
  /** The buttons. */
  readonly children: (form: FormState) => ComponentChildren
}

/** What the buttons of the form know. */
interface FormState {
  readonly values: FormValues
  /** How many clients it reaches. */
  readonly count: number | undefined
  /** Acts on values that have no problems; shows those that there are otherwise. */
  readonly submit: (act: (values: FormValues) => void) => void
}

/**
 * A mailing to be created or changed, beside who would receive it and what they would read. Enter in a field does nothing: what
 * leads to real messages takes a button.
 */
export function MailingForm({ initial, started = false, error, children }: MailingFormProps) {
  const [values, setValues] = useState(initial)
  const [tried, setTried] = useState(false)
  const audience = useAudience(values)
  const set = (change: Partial<FormValues>) => setValues((before) => ({ ...before, ...change }))
  const problems = checkForm(values, Date.now())
  // Before the first attempt to send the form, missing inputs are not reported. A template is checked as it is written.
  const problem = (field: FormField) =>
    (tried || field === '/filter/operatorCodes' ? problems[field] : undefined) ??
    fieldError(error, field) ??
    (values.text === '' ? undefined : fieldError(audience.error, field))
  const submit: FormState['submit'] = (act) => {
    setTried(true)
    if (!hasProblems(problems)) act(values)
  }
  const part = { values, set, problem }
  return (
    <form class="mailing-form" noValidate onSubmit={(event) => event.preventDefault()}>
      <div>
        {error && !isBeside(error, FORM_FIELDS) && <ActionError error={error} />}
        <Card class="form">
          <Field label="Name" hint="Shown only here; clients do not see it." error={problem('/name')}>
            <input
              value={values.name}
              maxLength={200}
              onInput={(event) => set({ name: event.currentTarget.value })}
            />
          </Field>
          <ChannelFields {...part} started={started} />
          <TextField
            value={values.text}
            channel={values.channel}
            error={problem('/text')}
            onChange={(text) => set({ text })}
          />
        </Card>
        <Card title="When" class="form">
          <TimeFields {...part} started={started} />
        </Card>
        {started ? (
          <p class="quiet form-note">
            The mailing has started: its start, its channel and its audience can no longer be changed.
          </p>
        ) : (
          <Card title="Audience" class="form">
            <AudienceFields {...part} known={audience.data?.operators.map(({ name }) => name) ?? []} />
          </Card>
        )}
        <div class="form-foot">{children({ values, count: audience.data?.count, submit })}</div>
      </div>
      <AudienceCard audience={audience} hasText={values.text.trim() !== ''} />
    </form>
  )
}

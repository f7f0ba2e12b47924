import { Field } from '../../parts/field.tsx'
import type { CLIENT_FIELDS, ClientValues } from './client-form.ts'
import { TimeZoneInput } from '../../parts/time-zone-input.tsx'

interface ClientFieldsProps {
  readonly values: ClientValues
  /** It has opted out, which the suppression list alone lifts. */
  readonly isSuppressed: boolean
  readonly set: (change: Partial<ClientValues>) => void
  readonly problem: (field: (typeof CLIENT_FIELDS)[number]) => string | undefined
}

/** The inputs of a client's form. */
export function ClientFields({ values, isSuppressed, set, problem }: ClientFieldsProps) {
  const text = (
    name: 'phone' | 'operatorCode' | 'tag' | 'email' | 'webhookUrl',
    placeholder?: string,
    mode?: 'tel' | 'email' | 'url',
  ) => (
    <input
      value={values[name]}
      placeholder={placeholder}
      maxLength={name === 'webhookUrl' ? 2048 : 512}
      inputMode={mode}
      aria-invalid={problem(`/${name}`) !== undefined}
      onInput={(event) => set({ [name]: event.currentTarget.value })}
    />
  )
  return (
    <>
      <div class="field-row">
        <Field label="Phone" error={problem('/phone')}>
          {text('phone', '+79161234567', 'tel')}
        </Field>
        <Field label="Operator" error={problem('/operatorCode')}>
          {text('operatorCode', 'From the number')}
        </Field>
      </div>
      <div class="field-row">
        <Field label="Time zone" error={problem('/timeZone')}>
          <TimeZoneInput
            value={values.timeZone}
            invalid={problem('/timeZone') !== undefined}
            onChange={(timeZone) => set({ timeZone })}
          />
        </Field>
        <Field label="Tag" error={problem('/tag')}>
          {text('tag')}
        </Field>
      </div>
      <div class="field-row">
        <Field label="E-mail" error={problem('/email')} hint="For mailings by e-mail.">
          {text('email', 'ann@example.com', 'email')}
        </Field>
        <Field label="Webhook" error={problem('/webhookUrl')} hint="For mailings by webhook.">
          {text('webhookUrl', 'https://', 'url')}
        </Field>
      </div>
      <Field label="Attributes" error={problem('/attributes')} hint="Available in the texts of mailings.">
        <textarea
          class="mono"
          rows={4}
          value={values.attributes}
          placeholder={'{"name": "Anna"}'}
          aria-invalid={problem('/attributes') !== undefined}
          onInput={(event) => set({ attributes: event.currentTarget.value })}
        />
      </Field>
      <OptedOut values={values} isSuppressed={isSuppressed} set={set} />
    </>
  )
}

function OptedOut({ values, isSuppressed, set }: Omit<ClientFieldsProps, 'problem'>) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={values.optedOut}
        disabled={isSuppressed}
        onChange={(event) => set({ optedOut: event.currentTarget.checked })}
      />
      <span>
        Opted out{' '}
        <span class="quiet">
          – receives no messages{isSuppressed && '; to lift it, remove the phone from the suppression list'}
        </span>
      </span>
    </label>
  )
}

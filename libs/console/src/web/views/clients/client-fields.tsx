import { Field } from '../../parts/field.tsx'
import type { CLIENT_FIELDS, ClientValues } from './client-form.ts'
import { TimeZoneInput } from './time-zone-input.tsx'

interface ClientFieldsProps {
  readonly values: ClientValues
  /** It has opted out, which the suppression list alone lifts. */
  readonly isSuppressed: boolean
  readonly set: (change: Partial<ClientValues>) => void
  readonly problem: (field: (typeof CLIENT_FIELDS)[number]) => string | undefined
}

/** The inputs of a client's form. */
export function ClientFields({ values, isSuppressed, set, problem }: ClientFieldsProps) {
  const text = (name: 'phone' | 'operatorCode' | 'tag', placeholder?: string) => (
    <input
      value={values[name]}
      placeholder={placeholder}
      maxLength={512}
      inputMode={name === 'phone' ? 'tel' : undefined}
      aria-invalid={problem(`/${name}`) !== undefined}
      onInput={(event) => set({ [name]: event.currentTarget.value })}
    />
  )
  return (
    <>
      <div class="field-row">
        <Field label="Phone" error={problem('/phone')}>
          {text('phone', '+79161234567')}
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
    </>
  )
}

import { useRef } from 'preact/hooks'
import { plural } from '../../format/number.ts'
import { Field } from '../../parts/field.tsx'
import type { Channel } from './channel-names.ts'
import { smsLength } from './sms-length.ts'

interface TextFieldProps {
  readonly value: string
  readonly channel: Channel
  readonly error: string | undefined
  readonly onChange: (text: string) => void
}

const VARIABLES = ['phone', 'operatorCode', 'tag', 'timeZone', 'attributes.name'] as const

/** The text of a mailing, with the variables that it may hold. */
export function TextField({ value, channel, error, onChange }: TextFieldProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  const insert = (variable: string) => {
    const { current } = area
    if (!current) return
    current.focus()
    current.setRangeText(`{{ ${variable} }}`, current.selectionStart, current.selectionEnd, 'end')
    onChange(current.value)
  }
  const { characters, parts } = smsLength(value)
  return (
    <div class="text-field">
      <Field label="Text" error={error}>
        <textarea
          ref={area}
          value={value}
          rows={5}
          aria-invalid={error !== undefined}
          placeholder="Hello {{ attributes.name }}, …"
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      </Field>
      <div class="text-tools">
        <span class="variables" role="group" aria-label="Insert a variable">
          {[...VARIABLES, ...(channel === 'email' ? ['unsubscribeUrl'] : [])].map((variable) => (
            <button key={variable} type="button" class="small mono" onClick={() => insert(variable)}>
              {variable}
            </button>
          ))}
        </span>
        <span class="quiet number">
          {plural(characters, 'character')}
          {channel === 'gateway' && parts > 1 && !value.includes('{') && `, ${parts} short messages`}
        </span>
      </div>
      <p class="field-hint">
        A Liquid template. Variables that a client does not have are empty; <code>attributes</code> are those
        of the client, e.g. <code>attributes.name</code>.
      </p>
    </div>
  )
}

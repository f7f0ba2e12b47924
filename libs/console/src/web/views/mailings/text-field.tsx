import { useRef } from 'preact/hooks'
import { plural } from '../../format/number.ts'
import { Field } from '../../parts/field.tsx'
import type { Channel } from './channel-names.ts'
import { smsLength } from './sms-length.ts'
import { VariableChips } from './variable-chips.tsx'

interface TextFieldProps {
  readonly value: string
  readonly channel: Channel
  readonly error: string | undefined
  readonly onChange: (text: string) => void
}

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
        <VariableChips channel={channel} onInsert={insert} />
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

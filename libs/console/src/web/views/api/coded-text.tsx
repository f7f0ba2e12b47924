/** Text of a description, in which backticks mark what is typed as it stands. */
export function CodedText({ text }: { text: string }) {
  return <>{text.split(/`([^`]+)`/).map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))}</>
}

import { isOneEditAway } from '../../is-one-edit-away.ts'

/** A member that a column may be: of a client, or one that says the opposite of `optedOut`, or one that is not read. */
export type ColumnMember =
  | 'phone'
  | 'operatorCode'
  | 'tag'
  | 'timeZone'
  | 'email'
  | 'webhookUrl'
  | 'optedOut'
  | 'optedIn'
  | 'attributes'
  | 'ignored'

/** The names that people and programs give to a member, as {@link plainName} writes them. */
const SYNONYMS: Readonly<Record<ColumnMember, readonly string[]>> = {
  phone: [
    ...['phone', 'phonenumber', 'phoneno', 'telephone', 'telephonenumber', 'tel', 'telno', 'telnumber'],
    ...['mobile', 'mobilephone', 'mobilenumber', 'mobileno', 'cell', 'cellphone', 'cellnumber', 'cellular'],
    ...['msisdn', 'e164', 'phone1value', 'telefon', 'telefonnummer', 'telefono', 'téléphone', 'handynummer'],
    ...['телефон', 'номертелефона', 'тел', 'мобильный', 'мобильныйтелефон', 'моб', 'мобтел', 'мобтелефон'],
    ...['сотовый', 'сотовыйтелефон', 'номермобильного'],
  ],
  operatorCode: ['operatorcode', 'operator', 'кодоператора', 'оператор'],
  tag: ['tag', 'тег', 'тэг', 'метка'],
  timeZone: ['timezone', 'tz', 'tzid', 'timezoneid', 'zoneid', 'ianatimezone', 'часовойпояс', 'таймзона'],
  email: [
    ...['email', 'emailaddress', 'mail', 'mailaddress', 'email1value', 'correo', 'courriel', 'почта'],
    ...['электроннаяпочта', 'адресэлектроннойпочты', 'имейл', 'емейл', 'мейл'],
  ],
  webhookUrl: ['webhookurl', 'webhook', 'вебхук'],
  optedOut: [
    ...['optedout', 'optout', 'optedoutat', 'optoutat', 'optouttime', 'optoutdate', 'optsout', 'isoptedout'],
    ...['hasoptedout', 'hasoptedoutofsms', 'smsoptout', 'unsubscribed', 'unsubscribe', 'unsubscribedat'],
    ...['unsubtime', 'unsub', 'isunsubscribed', 'donotcontact', 'donotsend', 'donotdisturb', 'donotsms'],
    ...['dnc', 'dnd', 'stoplist', 'blacklist', 'blacklisted', 'suppressed', 'suppression'],
    ...['отписан', 'отписался', 'отписка', 'отказ', 'отказалсяотрассылки', 'чёрныйсписок', 'стоплист'],
  ],
  optedIn: ['optedin', 'optin', 'subscribed', 'issubscribed', 'smsoptin', 'подписан', 'подписка'],
  attributes: ['attributes'],
  // Of the download of refused lines.
  ignored: ['importline', 'importerror'],
}

const MEMBERS: ReadonlyMap<string, ColumnMember> = new Map(
  (Object.keys(SYNONYMS) as ColumnMember[]).flatMap((member) =>
    SYNONYMS[member].map((name) => [plainName(name), member] as const),
  ),
)

/** A name without case, blanks and punctuation: `Opt-out`, `opt_out` and `optOut` are one. */
export function plainName(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replaceAll(/[\s_\-.:?№#*]/g, '')
}

/** @returns the member that a name stands for, if it is a known one, and one of `members` where these are given */
export function memberOfName(name: string, members?: readonly ColumnMember[]): ColumnMember | undefined {
  const member = MEMBERS.get(plainName(name))
  return member === undefined || !members || members.includes(member) ? member : undefined
}

/**
 * @param least characters of a known name: shorter ones are near to too many words
 * @returns the member whose name was probably meant: a letter is wrong, missing or too many, or two are exchanged
 */
export function guessMember(name: string, least: number): ColumnMember | undefined {
  const plain = plainName(name)
  for (const [known, member] of MEMBERS) {
    if (known.length >= least && known !== plain && isOneEditAway(plain, known)) return member
  }
  return undefined
}

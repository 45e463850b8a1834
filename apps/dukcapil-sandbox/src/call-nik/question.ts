/** A request's body in whichever dialect it came: key names differ between deployments. */
export interface Question {
  readonly nik: string;
  readonly userId: string;
  readonly password: string;
  readonly ipUser: string;
  /** All keys of the body, in its order. */
  readonly keys: readonly string[];
  /** Any other key of the body, as a trimmed text; undefined when it is absent. */
  valueOf(key: string): string | undefined;
}

const NIK_KEYS = ['nik', 'NIK'];
const USER_ID_KEYS = ['user_id', 'USER_ID', 'userId'];
const PASSWORD_KEYS = ['password', 'PASSWORD'];
const IP_KEYS = ['ip_user', 'IP_USER', 'ip_address'];

/** Reads a body; undefined when it is no JSON object. */
export function readQuestion(body: string): Question | undefined {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(body) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return undefined;
  const first = (keys: readonly string[]) => {
    for (const key of keys) {
      const text = textOf(fields[key], key, body);
      if (text !== undefined) return text;
    }
    return '';
  };
  return {
    nik: first(NIK_KEYS),
    userId: first(USER_ID_KEYS),
    password: first(PASSWORD_KEYS),
    ipUser: first(IP_KEYS),
    keys: Object.keys(fields),
    valueOf: (key) => textOf(fields[key], key, body),
  };
}

/** A bare number is taken from the text of the body: above 2^53 the parsed one has a wrong last digit. */
function textOf(value: unknown, key: string, body: string): string | undefined {
  if (typeof value === 'string') return value.trim();
  if (typeof value !== 'number') return undefined;
  return new RegExp(`"${key}"\\s*:\\s*(\\d+)`).exec(body)?.[1] ?? String(value);
}

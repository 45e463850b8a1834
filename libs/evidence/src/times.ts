const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;

/** Microseconds since 1970 of `YYYY-MM-DDTHH:MM:SS.ffffffZ`; nothing for any other form, or a date that there is not. */
export function microseconds(text: string): number | undefined {
  if (!form.test(text)) return undefined;
  const whole = text.slice(0, 23);
  const milliseconds = Date.parse(`${whole}Z`);
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== `${whole}Z`) return undefined;
  return milliseconds * 1000 + Number(text.slice(23, 26));
}

/** What makes two register numbers the same: blanks at the ends or in a row and small letters make no difference. */
export const registerKey = (text: string): string => text.trim().replace(/\s+/g, ' ').toUpperCase();

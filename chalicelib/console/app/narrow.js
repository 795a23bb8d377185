// Whether the page is as narrow as a phone: a picture is then drawn for that width, since one that is shrunk cannot be read.

export const isNarrow = () => matchMedia("(max-width: 50rem)").matches; // as the style sheet has it

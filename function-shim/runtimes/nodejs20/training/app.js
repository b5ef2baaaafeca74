exports.handler = async (event) => {
  console.log("hello");
  if (event.do === "fail") throw new RangeError("as asked");
  return { echo: event };
};

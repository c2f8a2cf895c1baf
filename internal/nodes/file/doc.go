// Package file is the file node, which writes, appends to or deletes a file, and
// the file in node, which reads one.
//
// A relative path is below the setting fileWorkingDirectory, else below files/
// in the data folder. A path with a drive letter (c:\Temp\x.log), which flows
// from Windows have, is below files/c/ there on other systems, so that such a
// flow runs anywhere and writes where one can find it.
//
// Writes to one file happen one after the other, in the order of their
// messages. After a crash in the middle a write is repeated: a line may stand
// in a log twice, but is not missing.
package file
